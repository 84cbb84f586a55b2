"""What goes to AWS: the zip and its check against Managed Flink's contract."""

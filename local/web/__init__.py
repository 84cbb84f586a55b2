"""Pages of `make run`."""

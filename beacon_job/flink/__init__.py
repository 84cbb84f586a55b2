"""The pipeline as Flink runs it. Everything else is called from here, and knows nothing of it."""

"""A real Flink cluster on this machine, and what runs on it: the unpacked zip."""

"""Child processes, their ports, and how they end."""

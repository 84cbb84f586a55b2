"""What the service takes and refuses, what it costs, and how it says so. Pure."""

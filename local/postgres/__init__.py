"""A real PostgreSQL on 127.0.0.1, from this machine's installation, for `make run` and for tests."""

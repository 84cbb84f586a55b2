"""Everything `make run` starts, in order, what it watches over, and how it ends."""

"""Who speaks, and what must be known of him to read what he says."""

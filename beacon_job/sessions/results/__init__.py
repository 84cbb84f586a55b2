"""What comes out of a session: the ledger of its time and counts, its row, and what of it cannot be known."""

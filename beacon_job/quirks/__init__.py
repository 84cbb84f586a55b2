"""What players say that is not so: `registry` (data), `profile` (what a player is like), `rules` (pure)."""

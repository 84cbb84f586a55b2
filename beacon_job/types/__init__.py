"""What travels between the stages, and the names it bears. Imports nothing of ours."""

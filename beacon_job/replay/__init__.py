"""The same sessions offline: `python -m beacon_job.replay FILE…` recomputes them from archived records."""

"""Jobs that are submitted in place of main.py, each a program of its own."""

"""Property groups of strings -> the settings of every stage, checked as a whole."""

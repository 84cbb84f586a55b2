"""Rows -> a store: what a store promises, and how rows get there whatever store it is."""

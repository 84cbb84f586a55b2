"""Sums -> the rows of `qoe`: one per 10 s of viewer time and viewer group."""

"""Databases and tables: create, describe, update, delete, list."""

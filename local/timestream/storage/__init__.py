"""Where records are kept, and how requests get there."""

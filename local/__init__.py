"""Everything that stands in for AWS on a laptop."""

"""What a build cannot mend by itself."""


class Trouble(Exception):
    """One sentence for a person: what was found, and what to do."""

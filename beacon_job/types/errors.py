"""The root of the job's own errors."""


class BeaconError(Exception):
    """What a stage gives up with. Its text is a sentence for a person: what was found, what is allowed."""

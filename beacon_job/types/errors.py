"""The root of the errors that the job raises on purpose."""


class BeaconError(Exception):
    """Its text is a sentence for a person: what was found, what is allowed, where."""

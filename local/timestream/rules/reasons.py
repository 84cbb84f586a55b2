"""Why a single record is refused (RejectedRecords[].Reason).

The two version texts and the two time texts are the service's own, as its users have quoted them. For the
others no quote was found: the condition is documented, the words are ours. Clients must not depend on any
of them.
"""


def version_too_low(version: int, existing: int) -> str:
    """Other values than those stored, and a lower version."""
    return (
        f"The record version {version} is lower than the existing version {existing}. "
        "A higher version is required to update the measure value."
    )


SAME_VERSION = (
    "A record already exists with the same time, dimensions, measure name, and record version. "
    "A higher record version must be specified in order to update the measure value. "
    "Specifying record version is supported by the latest SDKs."
)
"""Other values than those stored, or the same record again in one request, at the same version."""


def outside_window(start: str, end: str, store: str) -> str:
    """Too old or too far ahead; `store` is `memory store` or `data ingestion window`."""
    return f"The record timestamp is outside the time range [{start}, {end}) of the {store}."


def too_large(what: str, size: int, limit: int, unit: str = "bytes") -> str:
    """A limit of limits.py is exceeded."""
    return f"The {what} has {size} {unit}; the limit is {limit}."


def type_conflict(name: str, given: str, existing: str) -> str:
    """A column keeps the type it was first written with; a dimension is no measure."""
    return f"The type {given} of '{name}' does not match its existing type {existing} in the table."


def missing_partition_key(name: str) -> str:
    """The table's partition key is a dimension with EnforcementInRecord REQUIRED."""
    return f"The record has no dimension '{name}', which the table requires as its partition key."


INJECTED = "Refused by an injected fault."

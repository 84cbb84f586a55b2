"""How sums are grouped, and how long a window's rows can grow."""

from typing import Annotated

from msgspec import Meta, field

from beacon_job.types.settings import GROUP_DIMENSIONS, GroupDimensions, Settings


class RollupSettings(Settings, frozen=True):
    """`dimensions` names the parts of a group; more than `max_groups` per window become `other`."""

    dimensions: GroupDimensions = field(name="group.dimensions", default=GROUP_DIMENSIONS)
    max_groups: Annotated[
        int,
        Meta(
            ge=1,
            le=100_000,
            description="groups per 10 s and roll-up shard; the smallest beyond it are summed as `other`",
        ),
    ] = field(name="group.limit", default=1_000)
    keep_ms: int = 120_000
    """How long after its end a window's rows can still grow."""

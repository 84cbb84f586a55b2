"""The constants of the session machine."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from beacon_job.types import settings
from beacon_job.types.settings import GROUP_DIMENSIONS, GroupDimensions


class Settings(settings.Settings, frozen=True):
    """Constants of the machine, in ms of the arrival clock; the definitions of metrics name the defaults."""

    dimensions: GroupDimensions = msgspec.field(name="group.dimensions", default=GROUP_DIMENSIONS)
    load_means_play: Annotated[
        Literal["no", "yes"],
        Meta(
            description="whether pages ask for playback when they load (autoplay): the bounds of startup that"
            " are estimated from media requests are then close",
        ),
    ] = "no"
    snapshot_ms: Annotated[
        int,
        Meta(
            ge=10_000,
            le=3_600_000,
            description="how often the `sessions` row of a view that goes on is written anew: each time is a"
            " write, and what a session's row shows is this old",
        ),
    ] = 60_000
    wait_ms: int = 15_000
    """How long a beacon may be overtaken by later ones and still take its place."""
    lost_ms: int = 120_000
    """Silence after which a viewer is declared gone."""
    paused_ms: int = 3_600_000
    """The same while paused."""
    keep_ms: int = 600_000
    """How long a closed session is kept for a viewer who comes back."""
    max_pending: int = 4_000
    """Facts of one session in one step of the grid; more are shed."""
    max_sessions: int = 20_000
    """Sessions of one bucket; beyond it those that have least to wait for are closed early."""

    @property
    def does_load_mean_play(self) -> bool:
        """`load_means_play`, as a truth."""
        return self.load_means_play == "yes"

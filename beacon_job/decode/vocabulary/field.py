"""One canonical field: its type, its unit, and the ceilings above which a number says nothing. Pure."""

from typing import Literal

import msgspec

from beacon_job.decode.vocabulary.values import boolean, number, text
from beacon_job.types.beacon import Value

Type = Literal["int", "float", "bool", "text"]

MAX_VIDEO_KBPS = 150_000
"""An Ultra HD Blu-ray has 144 Mbit/s, the most of any video that is sold. What CMCD states above is bit/s:
hls.js 1.0 (video-dev/hls.js#4483) and Shaka 3 (shaka-player#3851) sent `tb` so."""

MAX_AUDIO_KBPS = 18_000
"""Dolby TrueHD, the most of any audio codec that is delivered."""

MAX_NETWORK_KBPS = 2_500_000
"""A 2.5GBASE-T port, the fastest that televisions, set-top boxes and phones have."""

VIDEO_BPS_FROM = 50_000
AUDIO_BPS_FROM = 4_000
"""Where no unit is stated, a smaller bitrate is kbps and a larger one bit/s: no stream has 50 Mbit/s, and no
video 50 kbit/s; no audio has 4 Mbit/s, nor 4 kbit/s (Opus begins with 6)."""

BY_SIZE = 0.0
"""Scale of a bitrate whose unit is not stated."""


class Field(msgspec.Struct, frozen=True):
    """One measure. `high` is its largest number, or the greatest length of its text (longer ones are cut).

    `aliases` are the names it has in JSON, compared without case, `_`, `-`, `.` and blanks, each with its
    unit behind a blank where that is another one (`"currentTime s"`), and with the largest count of that unit
    which is believed (`"latency s 600"`). The name itself, and for times and bitrates the name with another
    unit at its end (`stall_s`, `bitrate_bps`), need not be listed.
    """

    name: str
    type: Type
    low: float = 0
    high: float = 0
    cmcd: str = ""
    """Key of CTA-5004-B that it is read from."""
    aliases: tuple[str, ...] = ()
    bps_from: int = VIDEO_BPS_FROM
    """The least count of a bitrate that is bit/s where no unit is stated."""

    def read(self, value: object, scale: float = 1) -> Value | None:
        """The value in canonical type and unit, or None when it is no such value."""
        if self.type == "text":
            return text(value, int(self.high))
        if type(value) is int and self.type == "int" and scale == 1:  # the common case, made cheap
            return value if self.low <= value <= self.high else None
        if self.type == "bool":
            return boolean(value)
        count = number(value)
        if count is None:
            return None
        scaled = count * (scale or (1 if count < self.bps_from else 1e-3))
        if not self.low <= scaled <= self.high:
            return None
        return round(scaled) if self.type == "int" else float(scaled)

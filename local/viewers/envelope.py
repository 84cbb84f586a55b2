"""What the front door makes of a POST: one Kinesis record, the envelope of `beacon_job.decode.record`.

The bytes are put together from parts: all but `recv_at` is fixed when the post is made, so that a delayed
record can be stamped when it is really accepted.
"""

from base64 import b64encode
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

import orjson

from local.viewers.habits import Cdn, Country, Device, Player

HEAD = b'{"v":1,"recv_at":'
POSTED = {
    "state": ("/v1/cmcd/state", "application/cmcd"),
    "bulk": ("/v1/cmcd/bulk", "application/cmcd"),
    "": ("/v1/beacons", "application/json"),
}
"""Path and content type of a post, by its target."""


class Door(NamedTuple):
    """What the front door knows of one client; the same for all its posts to one path."""

    fixed: bytes
    """The envelope's middle part."""

    def tail(self, request_id: str, body: bytes) -> bytes:
        """The envelope after `recv_at`."""
        return b',"request_id":"%b",%b,"body":"%b"}' % (request_id.encode(), self.fixed, b64encode(body))


@cache
def door(target: str, player: Player, cdn: Cdn, device: Device, country: Country) -> Door:
    """The door for posts to `target`; the path's query states what the records of a player do not."""
    path, content_type = POSTED[target]
    stated = urlencode({"player": player.name, "player_version": player.version, "cdn": cdn.name})
    known = {
        "path": f"{path}?{stated}",
        "content_type": content_type,
        "user_agent": device.user_agent,
        "ip_prefix": country.ip_prefix,
        "country": country.code,
    }
    return Door(orjson.dumps(known)[1:-1])

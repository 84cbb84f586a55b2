"""What the front door makes of a POST: one Kinesis record, the envelope of `beacon_job.decode`.

The bytes are put together from parts: all but `recv_at` is fixed when the post is made, so that a delayed
record can be stamped when it is really accepted.
"""

from base64 import b64encode
from typing import NamedTuple

import orjson

HEAD = b'{"v":1,"recv_at":'


class Door(NamedTuple):
    """What the front door knows of one client; the same for all its posts to one path."""

    fixed: bytes

    @classmethod
    def of(cls, path: str, content_type: str, user_agent: str, ip_prefix: str, country: str) -> "Door":
        """The envelope's middle part."""
        known = {
            "path": path,
            "content_type": content_type,
            "user_agent": user_agent,
            "ip_prefix": ip_prefix,
            "country": country,
        }
        return cls(orjson.dumps(known)[1:-1])

    def tail(self, request_id: str, body: bytes) -> bytes:
        """The envelope after `recv_at`."""
        return b',"request_id":"%b",%b,"body":"%b"}' % (request_id.encode(), self.fixed, b64encode(body))

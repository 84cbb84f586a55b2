"""How each kind of player tells its viewer's story, one module per player."""

from collections.abc import Callable, Iterator

from local.viewers.dialects import dashjs, hlsjs, page, sdk, shaka
from local.viewers.dialects.post import Post
from local.viewers.script import Script

SPEAK: dict[str, Callable[[Script, int], Iterator[Post]]] = {
    "hlsjs": hlsjs.speak,
    "sdk": sdk.speak,
    "dashjs": dashjs.speak,
    "shaka": shaka.speak,
    "page": page.speak,
}
"""Script, and what the client's clock showed when the player was set up -> its posts in order of sending."""

PATH = {"state": "/v1/cmcd/state", "bulk": "/v1/cmcd/bulk", "": "/v1/beacons"}
CONTENT_TYPE = {"state": "application/cmcd", "bulk": "application/cmcd", "": "application/json"}
"""Where a post goes and what it says it is, by its target."""

"""How each kind of player tells its viewer's story, one module per dialect."""

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
"""(script, what the client's clock showed when the player was set up) -> posts in order of sending."""

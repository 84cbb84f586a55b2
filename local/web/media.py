"""The clip of the demo page, over a network that can be disturbed.

`/player/media/{viewer}/{file}`: each viewer (a word the page makes up) has a network of its own, so that what
one page does to it no other page sees. `PUT /player/media/{viewer}` sets it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from aiohttp import web

MAX_VIEWERS = 1_000
HELD_S = 300.0
"""How long a request may be held before it is answered all the same."""

_LOOK_S = 0.05
_STEP_S = 0.1
_CHUNK_BYTES = 64 * 1024
_PROGRESSIVE = "clip.mp4"
_LEAD_BYTES = 60_000
_PACE_KBPS = 90
"""A browser that loads one long file takes all of it at once, and can then not stall any more. So it is sent
as by a server that paces: a lead, then a little faster than it plays."""
_TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".mpd": "application/dash+xml", ".mp4": "video/mp4"}


class Network(msgspec.Struct, forbid_unknown_fields=True):
    """How the media of one viewer comes."""

    held: bool = False
    """No byte comes."""
    kbps: int = 0
    """As slow as this; 0: as fast as it goes."""
    delay_ms: int = 0
    """Before each answer."""
    status: int = 200
    """What segments are answered with; playlists and manifests come all the same."""


class Networks:
    """The networks of the viewers; the one that was not used for longest goes first."""

    def __init__(self) -> None:
        self._networks: OrderedDict[str, Network] = OrderedDict()

    def of(self, viewer: str) -> Network:
        """Undisturbed for a viewer that is new."""
        network = self._networks.setdefault(viewer, Network())
        self._networks.move_to_end(viewer)
        if len(self._networks) > MAX_VIEWERS:
            self._networks.popitem(last=False)
        return network

    def set(self, viewer: str, network: Network) -> None:
        """From now on, also for what is under way."""
        self.of(viewer)
        self._networks[viewer] = network


def media_routes(folder: Path) -> list[web.RouteDef]:
    """The clip in `folder`, and the switch of each viewer's network."""
    networks = Networks()

    async def disturb(request: web.Request) -> web.Response:
        try:
            network = msgspec.json.decode(await request.read(), type=Network)
        except msgspec.MsgspecError as problem:
            fields = ", ".join(Network.__struct_fields__)
            return web.json_response({"error": f"found {problem}; a network has {fields}"}, status=400)
        networks.set(request.match_info["viewer"], network)
        return web.Response(status=204)

    async def send(request: web.Request) -> web.StreamResponse:
        viewer, name = request.match_info["viewer"], request.match_info["file"]
        file = folder / name
        if file.suffix not in _TYPES or not file.is_file():
            raise web.HTTPNotFound
        network = networks.of(viewer)
        await asyncio.sleep(network.delay_ms / 1000)
        await _released(networks, viewer)
        if network.status >= 400 and file.suffix == ".mp4":
            return web.Response(status=network.status)
        return await _stream(request, file, networks, viewer)

    return [web.put("/player/media/{viewer}", disturb), web.get("/player/media/{viewer}/{file}", send)]


async def _released(networks: Networks, viewer: str) -> None:
    waited_s = 0.0
    while networks.of(viewer).held and waited_s < HELD_S:
        await asyncio.sleep(_LOOK_S)
        waited_s += _LOOK_S


async def _stream(request: web.Request, file: Path, networks: Networks, viewer: str) -> web.StreamResponse:
    content = file.read_bytes()
    wanted = request.http_range
    begin, end, _ = wanted.indices(len(content))
    if begin >= end:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    partial = wanted.start is not None or wanted.stop is not None
    headers = {
        "Content-Type": _TYPES[file.suffix],
        "Content-Length": str(end - begin),
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
    }
    if partial:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(content)}"
    response = web.StreamResponse(status=206 if partial else 200, headers=headers)
    await response.prepare(request)
    async for chunk in _paced(content[begin:end], file.name == _PROGRESSIVE, networks, viewer):
        await response.write(chunk)
    await response.write_eof()
    return response


async def _paced(content: bytes, progressive: bool, networks: Networks, viewer: str) -> AsyncIterator[bytes]:
    """The content in pieces, each when the viewer's network lets it through."""
    sent = 0
    while sent < len(content):
        await _released(networks, viewer)
        kbps = networks.of(viewer).kbps
        if progressive and sent >= _LEAD_BYTES:
            kbps = min(kbps or _PACE_KBPS, _PACE_KBPS)
        size = max(1, round(kbps * 125 * _STEP_S)) if kbps else _CHUNK_BYTES
        yield content[sent : sent + size]
        sent += size
        if kbps:
            await asyncio.sleep(_STEP_S)

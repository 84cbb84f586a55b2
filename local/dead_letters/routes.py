"""The page `/dead-letters`, and what it asks for.

GET  /dead-letters/letters?newest=N   {"entries": [...], "all_read": bool}, the newest first
GET  /dead-letters/letters/{number}   one letter with its bytes
POST /dead-letters/reinject           {"letters": [numbers]}: what was put, and what cannot be
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler
from botocore.exceptions import BotoCoreError, ClientError

from local.dead_letters.actions import reinject
from local.dead_letters.entry import entry_of, whole_of
from local.dead_letters.letter import Letter
from local.dead_letters.streams import Streams
from local.processes.children import StartError
from local.web import error_answer, guarded

PATH = "/dead-letters"
MOST_SHOWN = 1_000
_PAGE = Path(__file__).parent / "page"
_FILES = ("page.css", "page.js", "letters.js", "content.js")
_POLICY = {
    "Content-Security-Policy": "default-src 'self'; img-src data:",
    "X-Content-Type-Options": "nosniff",
}


class _Wanted(msgspec.Struct):
    letters: list[str]


def dead_letter_routes(open_streams: Callable[[], Streams]) -> list[web.RouteDef]:
    """The page over the streams, which are opened when they are first asked for."""
    pages = _Pages(open_streams)
    files = [web.get(f"{PATH}/{name}", _file(name)) for name in _FILES]
    return [
        web.get(PATH, _file("index.html")),
        *files,
        web.get(f"{PATH}/letters", guarded(pages.list, {StartError: 502})),
        web.get(f"{PATH}/letters/{{number}}", guarded(pages.show, {StartError: 502})),
        web.post(f"{PATH}/reinject", guarded(pages.reinject, {StartError: 502})),
    ]


class _Pages:
    def __init__(self, open_streams: Callable[[], Streams]) -> None:
        self._open = open_streams
        self._streams: Streams | None = None
        self._one_at_a_time = asyncio.Lock()

    async def list(self, request: web.Request) -> web.Response:
        text = request.query.get("newest", "100")
        if not (text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MOST_SHOWN):
            return error_answer(
                400, f"newest: found {text[:20]!r}; expected a whole number from 1 to {MOST_SHOWN}"
            )
        found = await self._with_streams(lambda streams: streams.newest(int(text)))
        return _json({"entries": [entry_of(letter) for letter in found.letters], "all_read": found.all_read})

    async def show(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        letter = await self._with_streams(lambda streams: streams.letter(number))
        if letter is None:
            return error_answer(404, f"there is no dead letter {number[:60]}")
        return _json(whole_of(letter))

    async def reinject(self, request: web.Request) -> web.Response:
        try:
            numbers = msgspec.json.decode(await request.read(), type=_Wanted).letters
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            return error_answer(400, f"expected an object with the sequence numbers of letters: {error}")
        if not 1 <= len(numbers) <= MOST_SHOWN:
            return error_answer(400, f"letters: found {len(numbers)}; expected 1 to {MOST_SHOWN}")

        def work(streams: Streams) -> dict[str, Any]:
            found = [streams.letter(number) for number in numbers]
            letters: list[Letter] = [letter for letter in found if letter is not None]
            outcome = reinject(streams, letters)
            missing = [number for number, letter in zip(numbers, found, strict=True) if letter is None]
            return {"sentence": outcome.sentence(), "refused": outcome.refused, "missing": missing}

        return _json(await self._with_streams(work))

    async def _with_streams(self, work: Callable[[Streams], Any]) -> Any:
        # One at a time: many tabs would otherwise read the whole stream at once.
        async with self._one_at_a_time:
            try:
                return await asyncio.to_thread(lambda: work(self._ready()))
            except (BotoCoreError, ClientError) as error:
                message = f"Kinesis cannot be used: {error}"
                raise StartError(message) from None

    def _ready(self) -> Streams:
        self._streams = self._streams or self._open()
        return self._streams


def _file(name: str) -> Handler:
    async def answer(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(_PAGE / name, headers={"Cache-Control": "no-cache", **_POLICY})

    return answer


def _json(content: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(content), content_type="application/json", headers=_POLICY)

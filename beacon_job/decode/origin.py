"""Where a body came from: what the envelope says about all beacons in it."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

import msgspec

from beacon_job.decode.bad import UnreadableError, shown
from beacon_job.decode.device import MAX_USER_AGENT_CHARS, client_of
from beacon_job.decode.vocabulary.bounds import MAX_DIM_CHARS, MAX_SESSION_CHARS
from beacon_job.decode.vocabulary.spelling import JSON_DIMENSIONS, squash
from beacon_job.decode.vocabulary.values import MAX_INTEGER, text
from beacon_job.types.beacon import KinesisRecord, Reason

TIEBREAKS = 1_000_000
"""A tiebreak fills the nanoseconds below a millisecond."""

_TARGET = re.compile(r"/cmcd/([^/?#]+)")
_MAX_PATH_CHARS = 1_024


class Origin(msgspec.Struct, frozen=True):
    """The way of one body; the same for every beacon in it."""

    record: KinesisRecord
    recv_at_ms: int
    path: str = ""
    """As requested, with its query."""
    user_agent: str = ""
    country: str = ""
    log_fields: tuple[str, ...] = ()
    """Names of the columns of a log that names them nowhere."""

    def target(self, path: str | None = None) -> str:
        """CMCD event target: the `state` of `/v1/cmcd/state`, empty when the path has none.

        `path` is that of the request itself where it is told by a log.
        """
        return _target((self.path if path is None else path)[:_MAX_PATH_CHARS])

    def dims(
        self, source: str, target: str, names: tuple[str, ...], stated: tuple[str, ...]
    ) -> dict[str, str]:
        """Dimensions of a beacon: the way it came, the client, and what it states itself under `names`.

        The dict is shared by all beacons with the same: read only.
        """
        path = self.path[:_MAX_PATH_CHARS] if "?" in self.path else ""
        agent, country = self.user_agent[:MAX_USER_AGENT_CHARS], self.country[:MAX_DIM_CHARS]
        return _dims(source, target, path, agent, country, names, stated)


@lru_cache(maxsize=1024)
def _target(path: str) -> str:
    match = _TARGET.search(path)
    return (match and text(unquote(match[1]), MAX_DIM_CHARS)) or ""


@lru_cache(maxsize=8192)
def _dims(
    source: str,
    target: str,
    path: str,
    user_agent: str,
    country: str,
    names: tuple[str, ...],
    stated: tuple[str, ...],
) -> dict[str, str]:
    dims = client_of(user_agent) | _stated_in_query(path)
    dims |= {name: value for name, value in zip(names, stated, strict=True) if value}
    # What the front door saw is not for a sender to say.
    seen = {"source": source, "target": target, "country": text(country, MAX_DIM_CHARS) or ""}
    return dims | {name: value for name, value in seen.items() if value}


def _stated_in_query(path: str) -> dict[str, str]:
    """Dimensions that a player's collector url names, as in `/v1/cmcd/state?player=hls.js&app=web`."""
    _, _, query = path.partition("?")
    stated: dict[str, str] = {}
    for key, value in parse_qsl(query, errors="replace", max_num_fields=None):
        dimension = JSON_DIMENSIONS.get(squash(key))
        cleaned = text(value, MAX_DIM_CHARS)
        if dimension and cleaned:
            stated[dimension] = cleaned
    return stated


def session_of(value: object) -> str:
    """The session id, as text. Raises UnreadableError where there is none, or none that can be one."""
    if isinstance(value, str):
        session = value.strip() if len(value) <= 4 * MAX_SESSION_CHARS else value
    elif isinstance(value, float) and value.is_integer() and abs(value) <= MAX_INTEGER:
        session = str(int(value))
    elif isinstance(value, int) and not isinstance(value, bool):
        session = str(value) if abs(value) < 10**MAX_SESSION_CHARS else "9" * (MAX_SESSION_CHARS + 1)
    elif value is None:
        session = ""
    else:
        raise UnreadableError(
            Reason.BAD_SESSION, f"session id is {shown(value)}; it must be a text or a whole number"
        )
    if not session:
        raise UnreadableError(Reason.NO_SESSION, "the event names no session (session_id, in CMCD sid)")
    if len(session) > MAX_SESSION_CHARS or not session.isprintable():
        detail = f"session id {shown(session)} must be 1 to {MAX_SESSION_CHARS} printable characters"
        raise UnreadableError(Reason.BAD_SESSION, detail)
    return session

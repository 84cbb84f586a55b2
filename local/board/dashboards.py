"""The dashboards' JSON files, and what of them is asked for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from beacon_job.types.errors import BeaconError

Json = dict[str, Any]


class RequestError(BeaconError):
    """What was asked for is not there, or cannot be; the message says what there is, or is allowed."""


def read_dashboards(folder: Path) -> dict[str, Json]:
    """Name of the file, without `.json` -> what it holds. An empty folder, or none, holds no dashboard."""
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}


def panels(dashboard: Json) -> Iterator[Json]:
    """Its panels, those of collapsed rows included; headings are not among them."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", ())
        else:
            yield panel


def find(named: str, parts: dict[str, Json], name: str) -> Json:
    """The part with this name; `named` is what it is, for a person. Raises RequestError."""
    if name in parts:
        return parts[name]
    message = f"{named} {name[:60]!r} is not known; there is {', '.join(parts) or 'none'}"
    raise RequestError(message)


def panels_by_id(dashboard: Json) -> dict[str, Json]:
    """Id, as text -> panel."""
    return {str(panel["id"]): panel for panel in panels(dashboard)}


def query_variables(dashboard: Json) -> dict[str, Json]:
    """Name -> variable, of those whose values are asked from the store."""
    return {one["name"]: one for one in dashboard["templating"]["list"] if one["type"] == "query"}

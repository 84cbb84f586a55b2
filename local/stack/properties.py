"""The job's properties for the local stack: the project's own file, this run's endpoints, fresher rows."""

import json
from pathlib import Path

from local.project import PROJECT
from local.stores import LocalStore

SNAPSHOT_MS = 10_000
"""Who looks at a session on a laptop looks at one that goes on, and pays for no write."""


def write(kinesis_url: str, store: LocalStore, target: Path) -> Path:
    """Write application_properties.json with the endpoints of this run to `target`, and return it."""
    groups = json.loads((PROJECT / "application_properties.json").read_text())
    for group in groups:
        if group["PropertyGroupId"] in ("beacon.source", "beacon.dead.letter"):
            group["PropertyMap"]["aws.endpoint"] = kinesis_url
        elif group["PropertyGroupId"] == "beacon.store":
            group["PropertyMap"] = store.properties(group["PropertyMap"])
        elif group["PropertyGroupId"] == "beacon.stream":
            group["PropertyMap"]["snapshot.ms"] = str(SNAPSHOT_MS)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(groups, indent=2) + "\n")
    return target

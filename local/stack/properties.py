"""The job's properties for the local stack: the project's own file with this run's endpoints."""

import json
from pathlib import Path

from local.project import PROJECT
from local.stack.settings import RunSettings


def write(settings: RunSettings, target: Path) -> Path:
    """Write application_properties.json with the endpoints of this run to `target`, and return it."""
    groups = json.loads((PROJECT / "application_properties.json").read_text())
    endpoints = {
        "beacon.source": settings.kinesis_url,
        "beacon.dead.letter": settings.kinesis_url,
        "beacon.store": settings.timestream_url,
    }
    for group in groups:
        if group["PropertyGroupId"] in endpoints:
            group["PropertyMap"]["aws.endpoint"] = endpoints[group["PropertyGroupId"]]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(groups, indent=2) + "\n")
    return target

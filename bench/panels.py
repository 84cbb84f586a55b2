"""The panels of the dashboards as Grafana asks for them, and how long the stand-in takes to answer."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import msgspec
from botocore.config import Config

from deploy.grafana.plugin import chosen, expand
from local.aws.tables import DATABASE, TABLES

DASHBOARDS = Path(__file__).parent.parent / "deploy" / "grafana" / "timestream"
INTERVAL_MS = 10_000
"""What Grafana makes of an hour on a wide screen, and the least that the dashboards allow."""


class Panel(msgspec.Struct, frozen=True):
    """One panel with the SQL of its targets."""

    dashboard: str
    title: str
    statements: list[str]


class Answer(msgspec.Struct, frozen=True):
    """How long all targets of a panel took, one after the other, and what they read."""

    ms: float
    scanned_bytes: int


def panels(session: str, from_ms: int, to_ms: int) -> list[Panel]:
    """All panels that ask something, in the order of their dashboards, about this session and time."""
    return [
        panel for file in sorted(DASHBOARDS.glob("*.json")) for panel in _of(file, session, from_ms, to_ms)
    ]


def _of(file: Path, session: str, from_ms: int, to_ms: int) -> Iterator[Panel]:
    dashboard = json.loads(file.read_text())
    variables = chosen(dashboard, {"session": session})
    for panel in dashboard["panels"]:
        statements = [
            expand(target, variables, from_ms, to_ms, INTERVAL_MS) for target in panel.get("targets", ())
        ]
        if statements:
            yield Panel(dashboard["title"], panel["title"], statements)


def asked(store_url: str, panel: Panel) -> Answer:
    """Ask the stand-in for a panel."""
    client = _client(store_url)
    began_s = time.monotonic()
    scanned_bytes = 0
    for statement in panel.statements:
        for page in client.get_paginator("query").paginate(QueryString=statement):
            status = page["QueryStatus"]
        scanned_bytes += status["CumulativeBytesScanned"]
    return Answer(1_000 * (time.monotonic() - began_s), scanned_bytes)


def ready(store_url: str) -> float:
    """Wait until the stand-in has read all tables; how long that took, in seconds."""
    client = _client(store_url)
    began_s = time.monotonic()
    for table in TABLES:
        client.query(QueryString=f'SELECT count(*) FROM "{DATABASE}"."{table}"')  # noqa: S608
    return time.monotonic() - began_s


def _client(store_url: str) -> Any:
    return boto3.client(
        "timestream-query",
        endpoint_url=store_url,
        region_name="us-east-1",
        config=Config(read_timeout=60, retries={"mode": "standard", "total_max_attempts": 10}),
    )

"""Timestream, or the stand-in for it, as the board's data source."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy.grafana.plugin import Frame, frames
from local.board.source import MOST_ROWS, SourceError
from local.project import PROJECT

_BOUNDS = Config(connect_timeout=2, read_timeout=20, retries={"max_attempts": 0}, max_pool_connections=8)


class TimestreamSource:
    """Asks the query side at `url`."""

    dashboards: Path = PROJECT / "deploy" / "grafana" / "timestream"

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = boto3.client(
            "timestream-query",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=_BOUNDS,
        )

    def frames(self, sql: str, target: Mapping[str, Any]) -> Sequence[Frame]:
        """All pages of the answer as frames. Raises SourceError and PluginError."""
        return frames(self._pages(sql), target.get("format", 0))

    def _pages(self, sql: str) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = []
        rows = 0
        try:
            for page in self._client.get_paginator("query").paginate(QueryString=sql):
                pages.append(page)
                rows += len(page["Rows"])
                if rows > MOST_ROWS:
                    message = f"the answer has more than {MOST_ROWS:,} rows; choose a shorter time range"
                    raise SourceError(message)
        except ClientError as error:
            told = error.response["Error"]
            message = f"{told['Code']}: {told['Message']}"
            raise SourceError(message) from None
        except BotoCoreError:
            message = f"Timestream at {self._url} does not answer"
            raise SourceError(message) from None
        return pages

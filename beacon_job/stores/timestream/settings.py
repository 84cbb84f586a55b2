"""Where to write in Timestream, and how hard to try."""

from typing import Annotated

from msgspec import Meta, field

from beacon_job.stores.settings import RequestTimeoutMs, RetryBudgetMs
from beacon_job.types.settings import Region, Settings, Url, Word

Table = Annotated[Word, Meta(title="table name")]


class TimestreamSettings(Settings, frozen=True, kw_only=True):
    """One database with a table for each kind of row."""

    database: Annotated[
        Word, Meta(title="name of a Timestream database", description="database of all tables")
    ]
    table_events: Annotated[Table, Meta(description="one row per beacon")] = "beacon-blog-table"
    table_qoe: Annotated[Table, Meta(description="sums per 10 s and viewer group")] = "qoe"
    table_sessions: Annotated[Table, Meta(description="one row per session view")] = "sessions"
    region: Annotated[Region, Meta(description="region of the database")] = field(name="aws.region")
    endpoint_url: Annotated[
        Url | None, Meta(description="another Timestream endpoint (VPC endpoint, stand-in)")
    ] = field(name="aws.endpoint", default=None)
    connections: Annotated[int, Meta(ge=1, le=64, description="requests under way at once, per slot")] = 16
    retry_budget_ms: RetryBudgetMs = 60_000
    request_timeout_ms: RequestTimeoutMs = 10_000

    def table(self, name: str) -> str:
        """Timestream's name of the table `events`, `qoe` or `sessions`."""
        return str(getattr(self, f"table_{name}"))

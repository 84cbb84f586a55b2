"""Where PostgreSQL is, as whom rows are written, and how hard to try."""

from typing import Annotated, Literal

from msgspec import Meta, field

from beacon_job.stores.settings import RequestTimeoutMs, RetryBudgetMs
from beacon_job.types.settings import Region, Settings

Identifier = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}\Z", title="letters, digits, `_`")]
Name = Annotated[str, Meta(pattern=r"^[^\s'\"\\=\x00-\x1f]{1,63}\Z", title="1 to 63 characters, no blank")]
Hosts = Annotated[
    str, Meta(pattern=r"^[\w.:-]+(,[\w.:-]+)*\Z", title="host name or address, or several, comma between")
]
PasswordFrom = Annotated[
    str,
    Meta(
        pattern=r"^(iam|env:[A-Za-z_]\w*|file:/\S+|secret:\S+)\Z",
        title="`env:NAME`, `file:/path`, `secret:` and a name or ARN of Secrets Manager, or `iam`",
    ),
]
File = Annotated[str, Meta(pattern=r"^[\w./-]+\Z", title="path of a PEM file")]


class PostgresSettings(Settings, frozen=True, kw_only=True):
    """One database with the tables `events`, `qoe` and `sessions` in one schema."""

    host: Annotated[
        Hosts,
        Meta(description="server; of several the one that takes writes is used, whichever it is at the time"),
    ]
    port: Annotated[int, Meta(ge=1, le=65_535, description="port of the server")] = 5_432
    database: Annotated[Name, Meta(description="database of all tables")] = "beacon"
    schema: Annotated[Identifier, Meta(description="schema of all tables")] = "public"
    user: Annotated[Name, Meta(description="role that writes")] = "beacon_writer"
    password_from: Annotated[
        PasswordFrom | None,
        Meta(
            description="where the role's password is read before each connection; `iam` is the"
            " authentication of RDS and Aurora with the job's own role"
        ),
    ] = None
    region: Annotated[Region | None, Meta(description="region of the secret, or of the server for `iam`")] = (
        field(name="aws.region", default=None)
    )
    tls: Annotated[
        Literal["verify-full", "verify-ca", "require", "disable"],
        Meta(description="what is asked of the connection, in the words of `sslmode`"),
    ] = "verify-full"
    tls_certificates: Annotated[
        File | None,
        Meta(
            description="authorities that the server's certificate may come from, relative to the folder of"
            " the job's Python code; without it the public ones"
        ),
    ] = None
    connections: Annotated[int, Meta(ge=1, le=64, description="connections per slot")] = 2
    retry_budget_ms: RetryBudgetMs = 60_000
    request_timeout_ms: RequestTimeoutMs = 10_000

"""Properties that every store has."""

from typing import Annotated

from msgspec import Meta

RetryBudgetMs = Annotated[
    int,
    Meta(
        ge=1_000,
        le=600_000,
        description="how long a request is tried again before the job restarts; keep it far below the"
        " checkpoint timeout",
    ),
]
RequestTimeoutMs = Annotated[int, Meta(ge=100, le=120_000, description="how long one request may take")]

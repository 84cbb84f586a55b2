"""Records to write, as short as they can be."""

import time
from typing import Any

NOW_MS = time.time_ns() // 10**6


def record(
    session_id: str,
    measures: dict[str, tuple[str, str]] | None = None,
    *,
    at_ms: int = NOW_MS,
    measure_name: str = "started",
    **members: Any,
) -> dict[str, Any]:
    """A MULTI record of `measures` {name: (type, text)}; `members` replaces or adds members of the record."""
    return {
        "Dimensions": dimensions(session_id=session_id),
        "MeasureName": measure_name,
        "MeasureValueType": "MULTI",
        "MeasureValues": [
            {"Name": name, "Type": kind, "Value": text}
            for name, (kind, text) in (measures or {"bitrate_kbps": ("DOUBLE", "1.5")}).items()
        ],
        "Time": str(at_ms),
        **members,
    }


def single(session_id: str, kind: str, text: str, measure_name: str, **members: Any) -> dict[str, Any]:
    """A single-measure record."""
    value = {"MeasureValueType": kind, "MeasureValue": text}
    return {
        "Dimensions": dimensions(session_id=session_id),
        "MeasureName": measure_name,
        "Time": str(NOW_MS),
        **value,
        **members,
    }


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]

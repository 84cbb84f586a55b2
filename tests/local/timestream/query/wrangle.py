"""A user's program with awswrangler: each line of the input is a request, each line of the output what came.

Runs in `.beacon/clients`; `AWS_ENDPOINT_URL_TIMESTREAM_QUERY` and its like send it to the stand-in.
"""

import json
import sys
from typing import Any

import awswrangler as wr
import pandas as pd


def told(frame: Any) -> dict[str, Any]:
    rows = [[None if pd.isna(cell) else repr(cell) for cell in row] for row in frame.itertuples(index=False)]
    types = [str(kind) for kind in frame.dtypes]
    return {"columns": list(frame.columns), "types": types, "rows": rows, "attrs": frame.attrs}


def answer(request: dict[str, Any]) -> Any:
    """Call the function of `wr.timestream` that is named, with the other members."""
    call = getattr(wr.timestream, request.pop("call", "query"))
    if "df" in request:
        request["df"] = pd.DataFrame(request["df"]).assign(time=lambda df: pd.to_datetime(df["time"]))
    try:
        found = call(**request)
        if request.get("chunked"):
            return [told(frame) for frame in found]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return told(found) if isinstance(found, pd.DataFrame) else found


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)

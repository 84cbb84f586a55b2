"""The session rows of an offline replay, as they would be stored; run with the code of any release.

Reads lines of {"recv_ms", "data"} (base64) from stdin, writes lines of {"dimensions", "measures"}.
"""

import base64
import json
import sys

from beacon_job.decode import decode
from beacon_job.replay.offline import rows_of, sessions_of
from beacon_job.sessions.results.rows import session_point
from beacon_job.types.beacon import Beacon, KinesisRecord


def main() -> None:
    """Replay stdin to stdout."""
    records = (json.loads(line) for line in sys.stdin)
    beacons = [
        item
        for record in records
        for item in decode(KinesisRecord(base64.b64decode(record["data"]), record["recv_ms"]))
        if isinstance(item, Beacon)
    ]
    for row in rows_of(sessions_of(beacons)):
        point = session_point(row)
        print(json.dumps({"dimensions": point.dims, "measures": point.measures}))


if __name__ == "__main__":
    main()

"""The beacons of a session -> what it adds to the sums, and its rows. Pure, in stream and replay alike.

`step` is the stage of the stream; `apply` and what it takes and gives is what both are made of.
"""

from beacon_job.sessions.bucket import Bucket, apply
from beacon_job.sessions.facts import decode_beacons, encode_beacons
from beacon_job.sessions.results.outputs import Outputs, last_rows
from beacon_job.sessions.results.rows import SessionRow, session_point
from beacon_job.sessions.retrace import PHASE_NAMES, Stretch, stretches_of
from beacon_job.sessions.settings import Settings
from beacon_job.sessions.stage import step

__all__ = [
    "PHASE_NAMES",
    "Bucket",
    "Outputs",
    "SessionRow",
    "Settings",
    "Stretch",
    "apply",
    "decode_beacons",
    "encode_beacons",
    "last_rows",
    "session_point",
    "step",
    "stretches_of",
]

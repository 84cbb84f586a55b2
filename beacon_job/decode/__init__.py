"""The bytes of one Kinesis record -> what they mean. Pure: no clock, no state, never an exception.

for item in decode(KinesisRecord(data, arrival_ms)):  # Beacon | BadRecord
    ...
"""

from beacon_job.decode.cmcd.request import decode_request_query
from beacon_job.decode.columns import log_fields_in
from beacon_job.decode.placement import DEFAULT_TOLERANCE, Tolerance
from beacon_job.decode.record import decode
from beacon_job.decode.vocabulary.times import epoch_ms
from beacon_job.types.beacon import KinesisRecord

__all__ = [
    "DEFAULT_TOLERANCE",
    "KinesisRecord",
    "Tolerance",
    "decode",
    "decode_request_query",
    "epoch_ms",
    "log_fields_in",
]

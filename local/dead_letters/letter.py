"""What one record of the dead letter stream says. Pure."""

import base64
import binascii

import msgspec

from beacon_job.types.beacon import BadRecord

NOT_A_LETTER = "not_a_dead_letter"
"""The reason shown for what the job did not write there."""


class Letter(msgspec.Struct, frozen=True):
    """A dead letter, and where it lies."""

    sequence_number: str
    """Of the letter itself: its name."""
    arrived_ms: int
    """When the letter came into its stream, epoch ms."""
    bad: BadRecord
    raw: bytes
    """What of the record, of its one bad event, or of the refused row the letter holds."""

    @property
    def complete(self) -> bool:
        """Whether nothing was cut off."""
        return len(self.raw) == self.bad.raw_bytes


def read_letter(data: bytes, sequence_number: str, arrived_ms: int) -> Letter:
    """The letter in a record's data; never raises: what is no letter is shown as one."""
    try:
        bad = msgspec.json.decode(data, type=BadRecord)
        raw = base64.b64decode(bad.raw, validate=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error):
        detail = "the record is none that the job writes"
        bad = BadRecord(NOT_A_LETTER, "", arrived_ms, "", detail, raw_bytes=len(data))
        raw = data
    return Letter(sequence_number, arrived_ms, msgspec.structs.replace(bad, raw=""), raw)

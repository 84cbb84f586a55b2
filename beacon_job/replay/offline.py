"""Sessions recomputed offline: the machine of the stream, fed at once and up to the end of time. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

import msgspec

from beacon_job.decode import decode, log_fields_in
from beacon_job.replay.archive import UnusableError, documents
from beacon_job.sessions import (
    Bucket,
    Outputs,
    SessionRow,
    Settings,
    apply,
    decode_beacons,
    encode_beacons,
    last_rows,
)
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord

END_OF_TIME_MS = 1 << 52


def beacons_of(
    name: str,
    lines: Iterable[str],
    read: Callable[[str], KinesisRecord | None],
    errors: TextIO,
    log_fields: tuple[str, ...] = (),
) -> Iterator[Beacon]:
    """The beacons in some lines; what cannot be read is told in one sentence each.

    `log_fields` names the columns of a log between tabs, until a line of it does (`#Fields:`).
    """
    for number, document in documents(lines):
        try:
            record = read(document)
        except UnusableError as error:
            print(f"{name}:{number}: the line {error}", file=errors)
            continue
        if record is None:
            continue
        log_fields = log_fields_in(record.data) or log_fields
        for item in items_of(record, log_fields):
            if isinstance(item, BadRecord):
                print(f"{name}:{number}: {item.reason}: {item.detail}", file=errors)
            else:
                yield item


def items_of(record: KinesisRecord, log_fields: tuple[str, ...] = ()) -> list[Beacon | BadRecord]:
    """The items of a record. Where nothing tells when it arrived, that is its newest beacon's own time."""
    items = decode(record, log_fields=log_fields)
    newest_ms = max((i.client_ms for i in items if isinstance(i, Beacon) and not i.recv_at_ms), default=0)
    return decode(KinesisRecord(record.data, newest_ms), log_fields=log_fields) if newest_ms else items


def sessions_of(beacons: Iterable[Beacon]) -> Outputs:
    """Everything the machine gives out for these beacons, in any order, up to the end of time."""
    batch = decode_beacons(encode_beacons(beacons))
    return apply(Bucket(), batch, END_OF_TIME_MS, Settings(max_sessions=1 << 30))


def rows_of(outputs: Outputs) -> list[SessionRow]:
    """The last row of each view, in order of start."""
    return sorted(last_rows(outputs.rows), key=lambda row: (row.start_ms, row.session_id, row.view))


def line_of(row: SessionRow) -> str:
    """One view as a JSON line: all that its row in the store is made of."""
    return msgspec.json.encode(row).decode()

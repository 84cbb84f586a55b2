"""Session state stored by 0.4.0 or later is read by this version, and its sessions go on undisturbed.

`tests/cases/state/sessions-2.bin` is what `store` gave in format 2 (that of 0.4.0), in the middle of some
recordings. When the format changes, a file of the new one joins it; the old ones stay as long as they can be
read. `rows-2.jsonl` are the rows of these recordings by the rules of that time.
"""

import json

import msgspec
import pytest

from beacon_job.replay.offline import END_OF_TIME_MS
from beacon_job.sessions.bucket import FORMAT, Bucket, apply, decode_bucket, encode_bucket
from beacon_job.sessions.facts import decode_beacons, encode_beacons
from beacon_job.sessions.results.outputs import Outputs
from beacon_job.sessions.settings import Settings
from beacon_job.types.beacon import Beacon
from tests.places import CASES
from tests.sessions.driving import T0, add, recorded, rows, run, said

STATE = CASES / "state"
NAMES = ("hlsjs/b1_stall", "dashjs/c3_seek_paused", "shakadbg/e3_recoverable", "hlsjs/j1_collector_500")
HALF_MS = T0 + 22_000
"""Amid a stall, after a seek while paused, after errors, after an outage."""
SETTINGS = Settings()


def beacons() -> list[Beacon]:
    """The recordings, moved so that they run at the same time."""
    moved: list[Beacon] = []
    for name in NAMES:
        by = T0 - min(item.recv_at_ms for item in recorded(name))
        moved += [
            msgspec.structs.replace(item, client_ms=item.client_ms + by, recv_at_ms=item.recv_at_ms + by)
            for item in recorded(name)
        ]
    return moved


def until_stored() -> tuple[Bucket, Outputs]:
    """The first half: the bucket, and what was given out."""
    bucket = Bucket()
    first = [item for item in beacons() if item.recv_at_ms <= HALF_MS]
    outputs = apply(bucket, decode_beacons(encode_beacons(first)), HALF_MS, SETTINGS)
    return bucket, outputs


def store() -> bytes:
    """What is stored in the middle."""
    return encode_bucket(until_stored()[0])


@pytest.mark.parametrize("path", sorted(STATE.glob("sessions-*.bin")), ids=lambda path: path.stem)
def test_sessions_stored_by_an_earlier_version_go_on(path):
    """Where a rule has changed since, each figure is by the old or by the new one."""
    _, total = until_stored()
    bucket = decode_bucket(path.read_bytes())
    second = [item for item in beacons() if item.recv_at_ms > HALF_MS]
    add(total, apply(bucket, decode_beacons(encode_beacons(second)), END_OF_TIME_MS, SETTINGS))
    assert len(rows(total)) == len(NAMES)
    now = json.loads(json.dumps([said(total), said(run(beacons()))]))
    then = map(json.loads, path.with_name(f"rows-{path.stem[-1]}.jsonl").read_text().splitlines())
    for row, new, old in zip(*now, then, strict=True):
        assert {name: value for name, value in row.items() if value not in (new[name], old.get(name))} == {}


def test_there_is_a_file_of_the_present_format():
    assert (STATE / f"sessions-{FORMAT}.bin").exists()


if __name__ == "__main__":
    STATE.mkdir(exist_ok=True)
    (STATE / f"sessions-{FORMAT}.bin").write_bytes(store())
    lines = (json.dumps(row) + "\n" for row in said(run(beacons())))
    (STATE / f"rows-{FORMAT}.jsonl").write_text("".join(lines))

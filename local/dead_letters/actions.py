"""Re-injecting letters: what both faces do with the streams."""

from collections.abc import Iterable

import msgspec

from local.dead_letters.letter import Letter
from local.dead_letters.reinjection import Impossible, Original, to_put, wants_original
from local.dead_letters.streams import Streams


class Refused(msgspec.Struct, frozen=True):
    """A letter that cannot be re-injected."""

    sequence_number: str
    why: str


class Outcome(msgspec.Struct, frozen=True):
    """What was put on the stream of beacons."""

    records: int
    letters: int
    """More than records where several letters are about one record: it is put once."""
    refused: list[Refused]

    def sentence(self) -> str:
        """For a person."""
        told = f"put {_count(self.records, 'record')} for {_count(self.letters, 'dead letter')}"
        if not self.refused:
            return told
        return f"{told}; {_count(len(self.refused), 'letter')} cannot be re-injected"


def reinject(streams: Streams, letters: Iterable[Letter]) -> Outcome:
    """Put the records of these letters on the stream of beacons. Raises botocore's errors and StartError."""
    records: dict[tuple[str, str], Original] = {}
    refused: list[Refused] = []
    done = 0
    for letter in letters:
        place = letter.bad.shard, letter.bad.sequence_number or letter.sequence_number
        if place not in records:
            original = streams.original(*place) if wants_original(letter) else None
            record = to_put(letter, original)
            if isinstance(record, Impossible):
                refused.append(Refused(letter.sequence_number, record.why))
                continue
            records[place] = record
        done += 1
    streams.put(list(records.values()))
    return Outcome(len(records), done, refused)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"

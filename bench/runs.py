"""The runs that sections share: each is made once, when it is first asked for."""

from collections.abc import Callable
from functools import cached_property

from bench.lab import Lab
from bench.run import Job, Run, until_read, until_stored
from bench.sizes import Sizes
from bench.traffic import Record, beacons_in, now_ms, recordings, viewers


class Runs:
    """Traffic and runs by name; `sizes` says how much, `say` tells what goes on."""

    def __init__(self, lab: Lab, sizes: Sizes, say: Callable[[str], None]) -> None:
        self.lab, self.sizes, self.say = lab, sizes, say
        self._records: dict[str, list[Record]] = {}
        self._filled: set[str] = set()

    def records(self, traffic: str) -> list[Record]:
        """`hour` and `busy`: synthetic viewers. `recorded`: real players. The newest came just now."""
        if traffic not in self._records:
            size = getattr(self.sizes, traffic)
            self.say(f"making {size:,} beacons ({traffic})")
            if traffic == "recorded":
                self._records[traffic] = recordings(size, now_ms())
            else:
                watching = getattr(self.sizes, f"{traffic}_viewers")
                self._records[traffic] = viewers(size, watching, now_ms())
        return self._records[traffic]

    def _stream(self, traffic: str) -> str:
        stream = f"bench-{traffic}"
        if stream not in self._filled:
            self._filled.add(stream)
            records = self.records(traffic)
            self.say(f"filling {stream} with {len(records):,} records")
            self.lab.fill(stream, records)
        return stream

    def _run(self, follow: Callable[[Lab, Job, int], Run], program: str, traffic: str) -> Run:
        job = Job(program, self._stream(traffic))
        self.say(f"running {program} on {job.stream}")
        run = follow(self.lab, job, beacons_in(self.records(traffic)))
        self.say(f"  {run.samples[-1].done:,} in {run.samples[-1].at_s:.0f} s")
        return run

    @cached_property
    def hour(self) -> Run:
        """The whole job on an hour of few viewers."""
        return self._run(until_stored, "main", "hour")

    @cached_property
    def busy(self) -> Run:
        """The whole job on many viewers."""
        return self._run(until_stored, "main", "busy")

    @cached_property
    def boto3(self) -> Run:
        """The same with the baseline's store."""
        return self._run(until_stored, "boto3_sink", "busy")

    @cached_property
    def recorded(self) -> Run:
        """The whole job on what real players sent."""
        return self._run(until_stored, "main", "recorded")

    @cached_property
    def source(self) -> Run:
        """The source alone, on many viewers."""
        return self._run(until_read, "source", "busy")

    @cached_property
    def source_of_recorded(self) -> Run:
        """The source alone, on what real players sent."""
        return self._run(until_read, "source", "recorded")

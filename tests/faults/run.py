"""One run: a steady feed, faults one after the other, and what became of every beacon."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.e2e.conftest import wait_for
from tests.e2e.traffic import EVENTS, dead_letters, stored
from tests.faults.account import Account, Audit, Outcome, audit, by_phase
from tests.faults.feed import Feed
from tests.faults.rig import PATIENCE_S, Rig, counted
from tests.faults.scenario import Fault

COLUMNS = ("sent", "stored", "refused", "lost", "doubled")
LOOKS = 5
"""What is not there yet when all is quiet may still come on a busy machine."""
LETTERS_LATE_S = 60.0
"""A checkpoint does not send what the connector of the dead letters has buffered: it holds them for 5 s."""


@dataclass
class Result:
    """Everything a run found out."""

    faults: Sequence[Fault]
    account: Account
    outcome: Outcome
    found: Audit
    restarts: list[int]
    """Of the job, by Flink itself, while each fault was on."""
    rejects: list[tuple[int, int]]
    """For each fault: records that the store was told to reject, and dead letters about refused rows."""
    resubmitted: int
    injected: Counter[str]


def run(rig: Rig, faults: Sequence[Fault], beacons: int, rate: int) -> Result:
    """Inject the faults while at least `beacons` are sent, let everything come to rest, and count."""
    feed = Feed(rig.stack.settings.kinesis_url, rate, seed=1)
    sent, restarts, rejects = feed.account.beacons, [], []
    feed.start()
    for phase, fault in enumerate(faults):
        before, began_s = rig.restarts(), time.monotonic()
        rejected, letters = rig.store.injected()["reject"], _refusals(rig)
        feed.phase = phase
        fault.inject(rig)
        rig.recovered()
        feed.check()
        restarts.append(rig.restarts() - before)
        rejected = rig.store.injected()["reject"] - rejected
        rejects.append((rejected, _letters_about(rejected, rig, letters)))
        took_s = time.monotonic() - began_s
        print(f"{fault.name}: {took_s:.0f} s, {restarts[-1]} restart(s), {len(sent):,} beacons sent")
    wait_for(f"{beacons} beacons are sent", lambda: len(sent) >= beacons, beacons / rate + PATIENCE_S)
    feed.stop()
    for _ in range(LOOKS):
        rig.quiet()
        outcome = Outcome(stored(rig.stack, EVENTS), counted(rig.stack), dead_letters(rig.stack))
        found = audit(feed.account, outcome)
        if not found.complaints():
            break
    return Result(
        faults, feed.account, outcome, found, restarts, rejects, rig.resubmitted, rig.store.injected()
    )


def _letters_about(rejected: int, rig: Rig, before: int) -> int:
    """Dead letters about refused rows beyond those before, once each reject has one or no more come."""
    deadline = time.monotonic() + LETTERS_LATE_S
    while (letters := _refusals(rig) - before) < rejected and time.monotonic() < deadline:
        time.sleep(1)
    return letters


def _refusals(rig: Rig) -> int:
    """Rows in the dead letters, each counted once: the connector may repeat a letter."""
    return len({letter["raw"] for letter in dead_letters(rig.stack) if letter["stage"] == "store"})


def table(result: Result) -> str:
    """The result as a Markdown table, one line per kind of fault, and the sums below it."""
    phases = by_phase(result.account, result.outcome, result.found)
    kinds: dict[str, Counter[str]] = {}
    for phase, (fault, restarts) in enumerate(zip(result.faults, result.restarts, strict=True)):
        kinds.setdefault(fault.name, Counter()).update({"times": 1, "restarts": restarts, **phases[phase]})
    total: Counter[str] = Counter()
    for counts in kinds.values():
        total.update(counts)
    columns = ("times", "restarts", *COLUMNS)
    lines = [_line(["fault", *columns]), _line(["---", *["---:"] * len(columns)])]
    lines += [_line([name, *(f"{counts[column]:,}" for column in columns)]) for name, counts in kinds.items()]
    lines.append(_line(["**all**", *(f"**{total[column]:,}**" for column in columns)]))
    return "\n".join([*lines, "", *_remarks(result)])


def _remarks(result: Result) -> list[str]:
    letters = Counter(letter["stage"] for letter in result.outcome.letters)
    counts = result.outcome.qoe
    injected = ", ".join(f"{name} {count:,}" for name, count in sorted(result.injected.items())) or "none"
    return [
        f"- The job was resubmitted {result.resubmitted} times from its newest checkpoint.",
        f"- Faults of the store that struck (requests; `reject`: records): {injected}.",
        f"- Dead letters: {letters['store']:,} about refused rows, {letters['decode']:,} about poison;"
        f" {len(result.account.poison):,} such records were sent, {len(result.found.poison_lost)} have none.",
        f"- Rows in `qoe` that count beacons: {len(counts):,}, of which"
        f" {sum(row['time'] % 1_000_000 != 0 for row in counts)} are corrections;"
        f" {len(result.found.windows)} sums differ from the beacons sent.",
    ]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"

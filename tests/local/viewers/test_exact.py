"""What the session machine finds of a synthetic viewer is the truth, to the millisecond."""

import pytest

from beacon_job.decode import decode
from beacon_job.replay.offline import rows_of, sessions_of
from beacon_job.sessions.results.rows import SessionRow
from beacon_job.types.beacon import Beacon, KinesisRecord
from local.viewers.dialects import SPEAK
from local.viewers.generate import generate
from local.viewers.habits import HABITS, SHORT, Habits
from local.viewers.network import PERFECT, REAL, Network
from local.viewers.truth import SessionTruth

START_MS = 1_795_000_000_000
FIGURES = (
    *("startup_ms", "play_ms", "stall_count", "stall_ms", "seek_count", "seek_ms", "pause_count", "pause_ms"),
    *("ended_ms", "failed_ms", "unknown_ms", "outcome"),
)
WAIT_MS = 14_000
"""The machine waits for what is missing, but not much longer than this."""
LOSSY = Network(gap_sessions=0.4, tail_sessions=0.3)
STATES_TOLD = tuple(dialect for dialect in SPEAK if dialect != "page")


def told_and_true(
    network: Network, habits: Habits, sessions: int, dialects: tuple[str, ...]
) -> list[tuple[SessionRow | None, SessionTruth]]:
    truths: list[SessionTruth] = []
    deliveries = generate(
        11,
        20,
        START_MS,
        sessions=sessions,
        habits=habits,
        network=network,
        dialects=dialects,
        tell=truths.append,
    )
    beacons = [
        item
        for delivery in deliveries
        for item in decode(KinesisRecord(delivery.data, delivery.recv_ms))
        if isinstance(item, Beacon)
    ]
    rows = {row.session_id: row for row in rows_of(sessions_of(beacons))}
    assert len(truths) == sessions
    return [(rows.get(truth.session_id), truth) for truth in truths]


@pytest.mark.parametrize("dialect", STATES_TOLD)
@pytest.mark.parametrize(
    ("network", "habits", "sessions"),
    [(PERFECT, SHORT, 50), (PERFECT, HABITS, 20), (REAL, SHORT, 50)],
    ids=["perfect-short", "perfect-real", "real-short"],
)
def test_the_machine_finds_the_truth_of_every_session_up_to_its_last_word_that_arrived(
    dialect: str, network: Network, habits: Habits, sessions: int
) -> None:
    checked = 0
    for row, truth in told_and_true(network, habits, sessions, (dialect,)):
        if truth.lost_inside or truth.latest_ms > WAIT_MS or not truth.heard:
            continue
        assert row is not None, truth
        checked += 1
        wrong = {
            figure: (getattr(row, figure), getattr(truth, figure))
            for figure in FIGURES
            if figure not in truth.unobservable and getattr(row, figure) != getattr(truth, figure)
        }
        assert not wrong, (wrong, truth, row)
    assert checked > sessions / 2


def test_received_and_expected_beacons_are_counted_right_also_where_some_were_lost() -> None:
    found = told_and_true(LOSSY, SHORT, 100, STATES_TOLD)
    assert sum(truth.lost > 0 for _, truth in found) > 20
    for row, truth in found:
        accounts = truth.targets.values()
        if row is not None:
            assert row.beacons_received == sum(account.stored for account in accounts)
            assert row.beacons_expected == sum(account.last_seq_stored + 1 for account in accounts)
        else:
            assert not truth.heard


def test_most_figures_of_most_viewers_can_be_known() -> None:
    _, truths = zip(*told_and_true(PERFECT, HABITS, 100, STATES_TOLD), strict=True)
    for figure in ("play_ms", "stall_count", "stall_ms", "outcome"):
        assert sum(figure in truth.unobservable for truth in truths) < 0.15 * len(truths), figure
    assert sum("startup_ms" in truth.unobservable for truth in truths) < 0.25 * len(truths)

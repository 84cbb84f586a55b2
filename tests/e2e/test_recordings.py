"""Recorded traffic of real players goes in as envelopes; every beacon is stored once, by an independent
count."""

import base64
import json
from collections import Counter

import pytest
from aws_kinesis_agg.aggregator import RecordAggregator

from local.stack.stack import Stack
from tests.e2e.conftest import wait_for
from tests.e2e.traffic import (
    EVENTS,
    accepted_posts,
    cmcd_identities,
    dead_letters,
    envelope,
    heartbeat,
    now_ms,
    put,
    stored,
)

pytestmark = pytest.mark.e2e

CMCD = [
    "hlsjs/c1_seeks",
    "hlsjs/j1_collector_500",
    "dashjs/b1_stall",
    "shakadbg/b1_stall",
    "shaka/a1_clean_click",
]


def replayed(capture: str) -> list[tuple[str, bytes]]:
    """The recording as if it arrived now, with its own spacing."""
    posts = list(accepted_posts(capture))
    shift_ms = now_ms() - posts[-1]["recv_ms"]
    return [
        (
            capture,
            envelope(
                base64.b64decode(post["body_b64"]),
                post["recv_ms"] + shift_ms,
                post["path"],
                user_agent=post["headers"]["user-agent"],
            ),
        )
        for post in posts
    ]


@pytest.mark.parametrize("capture", CMCD)
def test_every_cmcd_beacon_of_a_recording_is_stored_once(stack: Stack, capture: str) -> None:
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for post in accepted_posts(capture):
        target = post["path"].rpartition("/")[2]
        expected.update(
            {(target, *found): 1 for found in cmcd_identities(base64.b64decode(post["body_b64"]))}
        )
    sessions = {sid for _, sid, _, _ in expected}
    put(stack, replayed(capture))

    def rows() -> Counter[tuple[str, str, str, str]]:
        found: Counter[tuple[str, str, str, str]] = Counter()
        for row in stored(stack, EVENTS):
            dims, measures = row["dimensions"], row["measures"]
            if dims["session_id"] in sessions:
                client_ms = row["time"] // 1_000_000 - measures.get("clock_correction_ms", 0)
                found[dims["target"], dims["session_id"], str(measures["seq"]), str(client_ms)] += 1
        return found

    wait_for(f"{sum(expected.values())} beacons stored", lambda: sum(rows().values()) >= len(expected), 60)
    assert rows() == Counter(dict.fromkeys(expected, 1))


def test_a_recording_put_in_with_its_old_times_is_stored_and_refused_nowhere(stack: Stack) -> None:
    posts = list(accepted_posts("hlsjs/a1_clean_click"))
    expected = {
        identity for post in posts for identity in cmcd_identities(base64.b64decode(post["body_b64"]))
    }
    before = len(dead_letters(stack))
    bodies = [(post, base64.b64decode(post["body_b64"])) for post in posts]
    put(stack, [("old", envelope(body, post["recv_ms"], post["path"])) for post, body in bodies])
    (session,) = {sid for sid, _, _ in expected}
    wait_for(
        "all of it is stored",
        lambda: (
            len({row["measures"]["seq"] for row in stored(stack, EVENTS, session_id=session)})
            == len({sn for _, sn, _ in expected})
        ),
        60,
    )
    assert len(dead_letters(stack)) == before


def test_the_seeds_beacons_are_stored_once_each_by_their_names_without_the_prefix(stack: Stack) -> None:
    posts = [json.loads(base64.b64decode(post["body_b64"])) for post in accepted_posts("seed/s1_seed")]
    kept = ("started", "paused", "volume_changed", "variant_loaded")
    named = (post["event"].removeprefix("beacon:") for post in posts)
    expected = Counter(name for name in named if name in kept)
    put(stack, replayed("seed/s1_seed"))

    def rows() -> list[str]:
        return [row["measure_name"] for row in stored(stack, EVENTS, session_id=posts[0]["session"])]

    wait_for(f"{len(posts)} beacons stored", lambda: len(rows()) >= len(posts), 60)
    assert len(rows()) == len(posts)
    assert Counter(name for name in rows() if name in kept) == expected


def test_records_that_a_producer_library_aggregated_are_taken_apart(stack: Stack) -> None:
    aggregator = RecordAggregator()
    for seq in range(5):
        aggregator.add_user_record("kpl", heartbeat("kpl", now_ms(), seq, "KP"))
    partition_key, _, data = aggregator.clear_and_get().get_contents()
    put(stack, [(partition_key, data)])
    wait_for(
        "five beacons of one record are stored", lambda: len(stored(stack, EVENTS, session_id="kpl")) == 5, 60
    )

"""User agents seen in the field."""

import pytest

from beacon_job.decode.device import client_of
from tests.decode.decoding import cases


@pytest.mark.parametrize("case", cases("user_agents.jsonl"), ids=lambda case: case["device os browser"])
def test_a_browsers_user_agent_tells_device_system_and_browser(case: dict[str, str]) -> None:
    assert " ".join(client_of(case["user_agent"]).values()) == case["device os browser"]


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("AppleCoreMedia/1.0.0.22B83 (iPhone; U; CPU OS 18_1 like Mac OS X; en_us)", "phone ios avplayer"),
        ("AppleCoreMedia/1.0.0.22J5 (Apple TV; U; CPU OS 18_0 like Mac OS X; en_us)", "tv tvos avplayer"),
        ("Roku/DVP-12.5 (12.5.5.4174-AE)", "tv roku other"),
        ("MyApp/1.0 (Linux;Android 14) AndroidXMedia3/1.4.1", "tablet android exoplayer"),
        ("curl/8.5.0", "bot other other"),
        ("something else", "other other other"),
    ],
)
def test_an_apps_user_agent_tells_what_it_can(agent: str, expected: str) -> None:
    assert " ".join(client_of(agent).values()) == expected


def test_without_a_user_agent_nothing_is_said() -> None:
    assert client_of("") == {}


def test_a_megabyte_of_user_agent_is_only_looked_at_in_part() -> None:
    assert client_of("x" * 1_000_000 + "iPhone")["device"] == "other"

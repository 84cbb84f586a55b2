"""`python -m local.dead_letters` against a real emulator."""

import io
import json
import sys
from typing import Any

import pytest

from local.dead_letters.__main__ import main
from tests.local.dead_letters.letters import envelope, records, send_bad


@pytest.fixture(autouse=True)
def _here(client: Any, kinesis_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINESIS_ENDPOINT", f"http://127.0.0.1:{kinesis_port}")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_list_tells_reason_origin_and_content(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    number = send_bad(client, envelope(b"no beacon"))
    assert main([]) == 0
    shown = capsys.readouterr().out
    for part in (
        "unknown_form (decode)",
        number,
        "/v1/beacons, Player/1 (TV)",
        "no beacon",
        "dead letters: 1 (unknown_form 1)",
    ):
        assert part in shown


def test_the_list_can_be_of_one_reason_and_as_json(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    send_bad(client, b"")
    number = send_bad(client, envelope(b"no beacon"))
    assert main(["--reason", "unknown_form", "--since", "1h", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    whole = json.loads(line)
    assert whole["entry"]["sequence_number"] == number
    assert whole["layers"][1]["text"] == "no beacon"


def test_one_letter_is_shown_with_all_its_bytes(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", send_bad(client, b"\xff\xfe" + bytes(range(14)))]) == 0
    assert "000000  ff fe 00 01" in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_not_printed(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    agent = json.dumps({"v": 1, "recv_at": 1_795_456_001_748, "user_agent": "\x1b[2J", "body": "YQ=="})
    send_bad(client, agent.encode())
    main([])
    assert "\x1b" not in capsys.readouterr().out


def test_many_are_put_back_only_when_somebody_agrees(
    client: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        send_bad(client, envelope(b"bad %d" % n))
    assert main(["reinject"]) == 1
    assert "3 dead letters would be re-injected; say --yes to do it." in capsys.readouterr().err
    for answer, count in (("n\n", 3), ("y\n", 6)):
        monkeypatch.setattr(sys, "stdin", Terminal(answer))
        assert main(["reinject"]) == (count == 3)
        assert len(records(client)) == count
    assert main(["reinject", "--yes", "--reason", "unknown_form"]) == 0
    assert len(records(client)) == 9


def test_one_letter_is_put_back_without_asking(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reinject", send_bad(client, b"not JSON")]) == 0
    assert capsys.readouterr().out == "put 1 record for 1 dead letter\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "123"], "there is no dead letter 123: its number stands behind 'letter' in the list"),
        (["--newest", "0"], "found '0'; expected a whole number from 1 to 10000"),
        (["--since", "soon"], "found 'soon'; expected a duration such as 10m, 2h or 1d, or a time such as"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        assert main(arguments) == 1
    except SystemExit as ended:
        assert ended.code == 2
    assert said in capsys.readouterr().err


def test_a_kinesis_that_does_not_answer_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINESIS_ENDPOINT", "http://127.0.0.1:1")
    assert main([]) == 1
    assert "Kinesis at http://127.0.0.1:1 cannot be used: " in capsys.readouterr().err

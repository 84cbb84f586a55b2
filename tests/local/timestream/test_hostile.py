"""Clients of the stand-in that send anything and hang up: it answers the next one and logs nothing."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.timestream import serving
from local.timestream.testing import TimestreamServer
from tests.local.hostile import dripped_s, requests, send_and_leave

REQUESTS = {
    **{f"{name}, to the API": sent for name, sent in requests(b"/inspect", b"/").items()},
    **{f"{name}, to the faults": sent for name, sent in requests(b"/health", b"/faults").items()},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimestreamServer]:
    with TimestreamServer(tmp_path_factory.mktemp("hostile")) as server:
        yield server


@pytest.mark.parametrize("reset", [False, True], ids=["closes", "resets"])
@pytest.mark.parametrize("sent", REQUESTS.values(), ids=REQUESTS)
def test_a_client_that_sends_anything_and_hangs_up_disturbs_nobody(
    server: TimestreamServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    sent: bytes,
    reset: bool,
) -> None:
    send_and_leave(urlsplit(server.url).port or 0, sent.replace(b"POST /faults", b"PUT /faults"), reset=reset)
    with urllib.request.urlopen(f"{server.url}/health", timeout=10) as answer:
        assert json.load(answer) == {"status": "ok"}
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


def test_a_head_that_does_not_end_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_HEAD_S", 0.5)
    with TimestreamServer(tmp_path) as server:
        assert dripped_s(urlsplit(server.url).port or 0, b"/health", patience_s=10) < 5

"""The dashboards' panels are asked for and timed, on a small stand-in."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.sections import QUICK, Bench, dashboards
from bench.sections.dashboards import copies, rows_of
from bench.traffic import now_ms
from bench.versions import Version
from local.aws.tables import ensure_tables
from local.timestream.testing import TimestreamServer


class Lab:
    """The stand-in alone, in this process."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._server: TimestreamServer | None = None
        self.store_url = ""

    def restart_store(self, _version: Version, *, empty: bool = True) -> None:
        assert empty is (self._server is None)
        self.end()
        port = int(self.store_url.rpartition(":")[2] or 0)
        self._server = TimestreamServer(self._data, port=port).__enter__()
        self.store_url = self._server.url
        ensure_tables(self.store_url)

    def end(self) -> None:
        if self._server:
            self._server.__exit__(None, None, None)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    made = Lab(tmp_path)
    yield made
    made.end()


def test_every_panel_is_timed_and_so_is_writing(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboards, "COPIES", 2)
    monkeypatch.setattr(dashboards, "WRITE_S", 1.0)
    sizes = msgspec.structs.replace(QUICK, dashboard_viewers=20, dashboard_s=240)
    shown, written = dashboards.measure(
        Bench(lab, (Version("this job", Path(), Path()),), 1, sizes, lambda _: None)
    )
    assert {row[0] for row in shown.rows} >= {"Quality of experience", "One session", "Beacon blog"}
    assert all(isinstance(figure, float) and figure > 0 for row in shown.rows for figure in row[2:5])
    assert [row[0] for row in written.rows] == ["nobody looks", "all panels, one after the other"]
    assert all(0 < p50 <= p95 <= longest for _, _, p50, p95, longest in written.rows)  # type: ignore[operator]


def test_an_hour_is_filled_with_copies_under_session_ids_of_their_own() -> None:
    end_ms = now_ms()
    rows = rows_of(5, 30_000, end_ms)
    made = [point for part in copies(rows, 30_000 * dashboards.COPIES) for point in part]
    assert len(made) == dashboards.COPIES * len(rows)
    keys = {
        (point.table, point.measure_name, point.time_ns, tuple(sorted(point.dims.items()))) for point in made
    }
    assert len(keys) == dashboards.COPIES * len(
        {(p.table, p.measure_name, p.time_ns, tuple(sorted(p.dims.items()))) for p in rows}
    )

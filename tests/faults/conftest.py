"""The full form runs only when it is asked for: it takes twelve minutes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import skip_without_server
from tests.faults.rig import Rig


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "faults" in (config.option.markexpr or ""):
        return
    skipped = pytest.mark.skip(reason="the long form; `make faults` runs it, twelve minutes")
    for item in items:
        if item.get_closest_marker("faults"):
            item.add_marker(skipped)


@pytest.fixture
def rig(request: pytest.FixtureRequest, home: Path) -> Iterator[Rig]:
    """A running stack of its own for each run, on the store that is the parameter."""
    if request.param == "postgres":
        skip_without_server()
    rig = Rig(home, request.param)
    try:
        rig.start()
        yield rig
    finally:
        rig.stop()

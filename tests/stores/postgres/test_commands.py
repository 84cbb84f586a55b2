"""The owner's commands, as they are typed."""

import pytest

from beacon_job.stores.postgres.__main__ import main
from local.postgres.server import ADMINISTRATOR, WRITER, Server, url


def test_the_commands_tell_what_they_did_and_do_nothing_twice(
    postgres: Server, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = [url(postgres.port, ADMINISTRATOR, database), "--schema", "other"]
    assert main(["migrate", *place]) == 0
    assert "0001_tables: applied" in capsys.readouterr().out
    assert main(["migrate", *place]) == 0
    assert capsys.readouterr().out == "nothing to do\n"
    assert main(["maintain", *place, "--ahead", "1", "--events", "2"]) == 0
    assert capsys.readouterr().out.count(" made, 0 rows moved there") == 9


def test_whoever_may_not_is_told_in_the_servers_words(
    postgres: Server, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", url(postgres.port, WRITER, database), "--schema", "other"]) == 1
    assert "migrate: permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("days", ["0", "-1", "x", "1.5", "99999"])
def test_a_number_of_days_that_cannot_be_is_refused_before_anything_is_done(
    days: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["maintain", "--qoe", days])
    assert f"found '{days}'; expected a whole number of days" in capsys.readouterr().err

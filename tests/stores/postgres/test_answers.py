import pytest

from beacon_job.stores.delivery import Halve, Outcome, Stop, TryAgain
from beacon_job.stores.postgres.answers import Failure, login_outcome, outcome

WHERE = "PostgreSQL table public.events in beacon at db"

CODES: dict[str, type[Outcome]] = {
    "": TryAgain,  # the connection broke
    "08006": TryAgain,
    "22003": Halve,  # a number out of range
    "22021": Halve,
    "22P05": Halve,
    "21000": Halve,
    "23502": Halve,
    "54000": Halve,  # a text too long for an index
    "25006": TryAgain,  # read only: it was the primary before
    "28P01": Stop,
    "3D000": Stop,
    "3F000": Stop,
    "40001": TryAgain,
    "40P01": TryAgain,
    "42501": Stop,
    "42703": TryAgain,  # a column was dropped meanwhile
    "42P01": Stop,
    "53100": TryAgain,  # disk full
    "53200": TryAgain,
    "53300": TryAgain,
    "55P03": TryAgain,
    "57014": TryAgain,  # statement timeout
    "57P01": TryAgain,
    "57P03": TryAgain,
    "58030": TryAgain,
    "XX000": TryAgain,
}


@pytest.mark.parametrize("code", CODES)
def test_an_error_means(code: str) -> None:
    found = outcome(Failure(code, "the server's words"), WHERE)
    assert isinstance(found, CODES[code])
    assert "the server's words" in found.why


def test_only_a_limit_of_connections_is_our_being_too_fast() -> None:
    assert outcome(Failure("53300", "too many clients"), WHERE) == TryAgain(
        f"{WHERE}: too many clients", throttled=True
    )
    assert outcome(Failure("53100", "disk full"), WHERE) == TryAgain(f"{WHERE}: disk full")


def test_a_stop_names_the_table_and_the_right() -> None:
    found = outcome(Failure("42501", "permission denied for table events"), WHERE)
    assert isinstance(found, Stop)
    assert found.why.startswith(f"{WHERE}: permission denied for table events; the role needs USAGE")


def test_a_partition_made_meanwhile_spoils_nothing_and_a_check_of_somebodys_own_one_row() -> None:
    assert isinstance(outcome(Failure("23514", "violates partition constraint"), WHERE), TryAgain)
    assert isinstance(outcome(Failure("23514", "violates check", "positive"), WHERE), Halve)


LOGINS: dict[str, type[Outcome]] = {
    'FATAL: password authentication failed for user "beacon_writer"': Stop,
    'FATAL: PAM authentication failed for user "beacon_writer"': Stop,
    "fe_sendauth: no password supplied": Stop,
    'FATAL: no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", no encryption': Stop,
    'FATAL: role "nobody" does not exist': Stop,
    'FATAL: database "nowhere" does not exist': Stop,
    'FATAL: permission denied for database "d"': Stop,
    "SSL error: certificate verify failed": Stop,
    'server certificate for "a" does not match host name "b"': Stop,
    "server does not support SSL, but SSL was required": Stop,
    "FATAL: the database system is starting up": TryAgain,
    "FATAL: the database system is shutting down": TryAgain,
    "FATAL: sorry, too many clients already": TryAgain,
    "session is read-only": TryAgain,
    "connection to server failed: Connection refused": TryAgain,
    "connection timeout expired": TryAgain,
    'could not translate host name "db" to address': TryAgain,
    "FATAL: Passwort-Authentifizierung fehlgeschlagen": TryAgain,
}


@pytest.mark.parametrize("message", LOGINS)
def test_a_refused_connection_means(message: str) -> None:
    found = login_outcome(message, WHERE)
    assert isinstance(found, LOGINS[message])
    assert found.why.startswith(f"{WHERE}: {message}")

"""What an error of PostgreSQL means for the rows that were sent: one table. Pure.

Codes are SQLSTATEs (PostgreSQL's manual, appendix A); where a code is not listed, its class (the first two
characters) decides. While a connection is made the driver knows no code: there the server's words decide.
"""

import re
from typing import NamedTuple

from beacon_job.stores.delivery import Halve, Outcome, Stop, TryAgain


class Failure(NamedTuple):
    """What PostgreSQL or the network said."""

    code: str
    """SQLSTATE; empty where there is none."""
    message: str
    constraint: str = ""
    """Name of the constraint that was violated."""


MIGRATE = "run `python -m beacon_job.stores.postgres migrate` as the owner"
_RIGHTS = (
    "the role needs USAGE on the schema and SELECT, INSERT and UPDATE on the table, which members of"
    " beacon_writer have"
)
_LOGIN = "check user and password.from of the job's configuration, and the server's pg_hba.conf"
_CERTIFICATE = "check host, tls and tls.certificates of the job's configuration"

STOPS: dict[str, str] = {
    "42501": _RIGHTS,
    "28000": _LOGIN,
    "28P01": _LOGIN,
    "3D000": "create the database, or name another one",
    "3F000": MIGRATE,
    "42P01": MIGRATE,
    "42P10": MIGRATE,
}
"""What somebody must change outside the job."""

THROTTLED = frozenset({"53300", "53400"})
"""Too many connections, a configured limit."""

SPOILT_CLASSES = frozenset({"21", "22", "23", "54"})
"""Cardinality, data, integrity constraint, a limit of the program: some row is at fault."""

COLUMNS_CHANGED = frozenset({"42703", "42804", "428C9", "0A000"})
"""A column was dropped, has another type or is generated now, or a plan is out of date."""

_CHECK = "23514"
"""Without a constraint's name: the row's partition was made while the statement ran."""

LOGIN_STOPS: dict[str, str] = {
    "(password|PAM) authentication failed|no password supplied|pg_hba.conf|not permitted to log in": _LOGIN,
    'role "[^"]*" does not exist': _LOGIN,
    'database "[^"]*" does not exist': "create the database, or name another one",
    "permission denied for database": "the role needs CONNECT on the database",
    "certificate|does not match host name|server does not support SSL": _CERTIFICATE,
}
"""Pattern of the message of a connection that was refused for good -> what to do. Servers that speak another
language are tried again until the budget is used up."""


def outcome(failure: Failure, where: str) -> Outcome:
    """What to do after a statement failed; `where` names the table."""
    code = failure.code
    if hint := STOPS.get(code):
        return Stop(f"{where}: {failure.message}; {hint}")
    if code == _CHECK and not failure.constraint:
        return TryAgain(f"{where}: {failure.message}")
    if code[:2] in SPOILT_CLASSES:
        return Halve("invalid", failure.message)
    return TryAgain(f"{where}: {failure.message}", throttled=code in THROTTLED)


def login_outcome(message: str, where: str) -> Outcome:
    """What to do after a connection could not be made."""
    for pattern, hint in LOGIN_STOPS.items():
        if re.search(pattern, message):
            return Stop(f"{where}: {message}; {hint}")
    return TryAgain(f"{where}: {message}", throttled="too many clients" in message)

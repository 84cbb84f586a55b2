"""Who the writer is and whom it trusts: passwords that change, certificates, and what is said of them."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from beacon_job.stores.postgres import passwords
from beacon_job.stores.postgres.passwords import password_of
from beacon_job.stores.postgres.settings import PostgresSettings
from beacon_job.stores.store import StoreDenied, StoreUnavailable
from local.postgres.server import Server
from tests.stores.contract import event, numbers
from tests.stores.postgres.place import Database, Opened

RULES = """
hostssl all of_tls 127.0.0.1/32 trust
host all rotating 127.0.0.1/32 scram-sha-256
host all nobody 127.0.0.1/32 reject
"""


@pytest.fixture(scope="session")
def strict(postgres: Server) -> Iterator[Path]:
    """The server asks some roles for a password or for TLS; its certificate, which nobody vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("there is no `openssl` to make a certificate with")
    rules, certificate = postgres.folder / "pg_hba.conf", postgres.folder / "server.crt"
    before = rules.read_text()
    rules.write_text(RULES + before)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    names = ["-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(postgres.folder / "server.key"), "-out", str(certificate)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    owner = postgres.folder.stat()
    for name in ("server.key", "server.crt"):
        shutil.chown(postgres.folder / name, owner.st_uid, owner.st_gid)
    yield certificate
    rules.write_text(before)


@pytest.fixture
def secured(place: Database, strict: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the certificate; the server speaks TLS, and the role `rotating` has the password `first`."""
    place.execute("ALTER SYSTEM SET ssl = on")
    place.execute("CREATE ROLE rotating LOGIN PASSWORD 'first' IN ROLE beacon_writer")
    place.execute("CREATE ROLE of_tls LOGIN IN ROLE beacon_writer")
    place.execute("SELECT pg_reload_conf()")
    copy = tmp_path / "ca.pem"
    copy.write_bytes(strict.read_bytes())
    yield copy
    place.execute("DROP ROLE rotating")
    place.execute("DROP ROLE of_tls")
    place.execute("ALTER SYSTEM RESET ssl")


def test_a_password_that_is_changed_is_read_anew_and_nothing_is_lost(
    place: Database, secured: Path, opened: Opened, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text("first\n")
    store = opened(user="rotating", password_from=f"file:{file}")
    store.write([event(0)])
    place.execute("ALTER ROLE rotating PASSWORD 'second'")
    file.write_text("second")
    store.write([event(1)])
    place.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rotating'")
    assert store.write([event(2)]) == []
    assert numbers(place) == [0, 1, 2]


def test_a_wrong_password_stops_the_job_at_once(
    secured: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEACON_PASSWORD", "wrong")
    store = opened(user="rotating", password_from="env:BEACON_PASSWORD")
    with pytest.raises(
        StoreDenied, match=r"table public\.events.*password authentication failed.*password\.from"
    ):
        store.write([event(0)])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user": "nobody_at_all"}, 'role "nobody_at_all" does not exist'),
        ({"user": "nobody"}, "pg_hba.conf"),
        ({"database": "nowhere"}, "create the database"),
        ({"schema": "elsewhere"}, "no such table.*migrate"),
        ({"password_from": "env:NOT_SET_AT_ALL"}, "NOT_SET_AT_ALL, which is not set"),
        ({"password_from": "file:/not/there"}, "/not/there, which cannot be read"),
    ],
    ids=str,
)
def test_what_somebody_must_put_right_is_told_at_once(
    strict: Path, secured: Path, opened: Opened, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(StoreDenied, match=words):
        opened(**changes).write([event(0)])


def test_a_server_is_believed_by_the_authority_that_is_named_and_by_its_name(
    place: Database, secured: Path, opened: Opened
) -> None:
    trusting = opened(host="localhost", user="of_tls", tls="verify-full", tls_certificates=str(secured))
    assert trusting.write([event(0)]) == []
    assert numbers(place) == [0]
    with pytest.raises(StoreDenied, match=r"certificate verify failed.*tls\.certificates"):
        opened(host="localhost", user="of_tls", tls="verify-full").write([event(0)])
    with pytest.raises(StoreDenied, match="does not match host name"):
        opened(user="of_tls", tls="verify-full", tls_certificates=str(secured)).write([event(0)])
    with pytest.raises(StoreDenied, match=r"nowhere\.pem, which is not in the folder"):
        opened(tls="verify-ca", tls_certificates="nowhere.pem")


def test_without_a_word_the_server_must_prove_who_it_is() -> None:
    assert PostgresSettings(host="db").tls == "verify-full"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Stubber]]:
    """AWS that answers what a test tells it to, by service."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    stubs: dict[str, Stubber] = {}
    make = passwords._client

    def stubbed(service: str, region: str | None, settings: PostgresSettings) -> Any:
        client = make(service, region, settings)
        stubs[service] = Stubber(client)
        stubs[service].activate()
        return client

    monkeypatch.setattr(passwords, "_client", stubbed)
    yield stubs.__getitem__


SECRET = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:beacon-abc"


@pytest.mark.parametrize("text", ['{"username": "beacon_writer", "password": "p4ss"}', "p4ss"])
def test_a_secret_is_what_rds_writes_or_the_password_itself(aws: Callable[[str], Stubber], text: str) -> None:
    password = password_of(PostgresSettings(host="db", password_from=f"secret:{SECRET}"))
    for said in (text, text.replace("p4ss", "changed")):
        aws("secretsmanager").add_response("get_secret_value", {"SecretString": said}, {"SecretId": SECRET})
    assert [password(), password()] == ["p4ss", "changed"]


def test_a_secret_that_may_not_be_read_names_the_right_and_one_that_cannot_now_is_tried_again(
    aws: Callable[[str], Stubber],
) -> None:
    password = password_of(PostgresSettings(host="db", password_from=f"secret:{SECRET}"))
    stub = aws("secretsmanager")
    stub.add_client_error("get_secret_value", "AccessDeniedException")
    stub.add_client_error("get_secret_value", "InternalServiceError")
    with pytest.raises(StoreDenied, match="secretsmanager:GetSecretValue"):
        password()
    with pytest.raises(StoreUnavailable, match="InternalServiceError"):
        password()


def test_with_iam_a_token_of_the_jobs_own_role_is_the_password(aws: Callable[[str], Stubber]) -> None:
    settings = PostgresSettings(host="db.example", port=6_543, region="eu-west-1", password_from="iam")
    token = password_of(settings)()
    assert token is not None
    assert token.startswith("db.example:6543/?Action=connect&DBUser=beacon_writer&")
    assert "X-Amz-Expires=900" in token
    assert "X-Amz-Credential=test%2F" in token


def test_without_a_region_the_job_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(StoreDenied, match="region"):
        password_of(PostgresSettings(host="db", password_from="secret:name"))

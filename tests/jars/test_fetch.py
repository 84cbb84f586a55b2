"""Maven itself: fetched once, checked, and whole or not there."""

import signal
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.jars.clone import ARCHIVE_PATH, CERTIFICATE, FOLDER, ROOT, Clone, java, maven_archive
from tests.jars.repository import Answer, holds, says, serving

ARCHIVE = maven_archive()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path / "a clone", ARCHIVE)
    made.environ["JAVA_HOME"] = str(java(made.root / "jre"))
    return made


def test_maven_is_fetched_once_for_all_builds_of_a_clone(clone: Clone) -> None:
    with serving(holds(ARCHIVE)) as repository:
        for _ in range(2):
            assert clone.build(MVNW_REPOURL=f"{repository.url}/maven2/") == ""
            assert clone.jar.read_text() == "whole\n"
            clone.jar.unlink()
        assert repository.asked == [f"/maven2{ARCHIVE_PATH}"]
    assert clone.left_in_tools() == [FOLDER]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (holds(ARCHIVE + b"\0"), "is not the archive that jars/maven.sha512 names"),
        (holds(b"<html>Log in to the guest network</html>"), "a proxy answers with something else"),
        (
            holds(ARCHIVE[:100], promised=len(ARCHIVE)),
            "broke off after 100 bytes; run the same command again",
        ),
        (says(404), "answers 404 Not Found; MVNW_REPOURL=https://host/path names another repository"),
        (says(401, WWW_Authenticate='Basic realm="x"'), "gets them from MVNW_USERNAME and MVNW_PASSWORD"),
        (says(403), "answers 403 Forbidden"),
        (says(407), "go into HTTPS_PROXY=http://name:password@host:port"),
        (lambda handler: handler.connection.close(), "cannot fetch http://127.0.0.1"),
    ],
    ids=["other bytes", "a portal", "half", "404", "401", "403", "407", "hangs up"],
)
def test_what_a_repository_answers_wrong_is_one_sentence_and_leaves_nothing(
    clone: Clone, answer: Answer, told: str
) -> None:
    with serving(answer) as repository:
        said = clone.build(MVNW_REPOURL=repository.url)
    assert told in said
    assert said.count("\n") == 1
    assert clone.left_in_tools() == []
    assert not clone.jar.exists()


def test_a_server_that_is_not_there_is_one_sentence(clone: Clone) -> None:
    with serving(says(500)) as repository:
        gone = repository.url
    said = clone.build(MVNW_REPOURL=gone)
    assert "Connection refused" in said
    assert "set HTTPS_PROXY=" in said
    assert said.count("\n") == 1


def test_a_certificate_that_is_not_trusted_is_one_sentence_that_says_what_to_set(clone: Clone) -> None:
    with serving(holds(ARCHIVE), CERTIFICATE) as repository:
        said = clone.build(MVNW_REPOURL=repository.url)
        assert "the certificate of 127.0.0.1 is not trusted (self-signed certificate)" in said
        assert "set SSL_CERT_FILE to a PEM file that holds it" in said
        assert said.count("\n") == 1
        assert clone.build(MVNW_REPOURL=repository.url, SSL_CERT_FILE=str(CERTIFICATE)) == ""


def test_name_and_password_go_to_a_mirror_that_asks_for_them(clone: Clone) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        right = handler.headers["Authorization"] == "Basic bWU6c2VjcmV0"
        (holds(ARCHIVE) if right else says(401, WWW_Authenticate='Basic realm="x"'))(handler)

    with serving(answer) as repository:
        assert "401" in clone.build(MVNW_REPOURL=repository.url, MVNW_USERNAME="me", MVNW_PASSWORD="wrong")
        assert clone.build(MVNW_REPOURL=repository.url, MVNW_USERNAME="me", MVNW_PASSWORD="secret") == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_download_leaves_nothing(clone: Clone, number: signal.Signals) -> None:
    asked, ended = threading.Event(), threading.Event()

    def stall(handler: BaseHTTPRequestHandler) -> None:
        holds(ARCHIVE[:100], promised=len(ARCHIVE))(handler)
        asked.set()
        ended.wait(30)

    with serving(stall) as repository:
        build = clone.start(MVNW_REPOURL=repository.url)
        assert asked.wait(30)
        build.send_signal(number)
        _, said = build.communicate(timeout=30)
        ended.set()
    assert (build.returncode, said) == (128 + number, "")
    assert clone.left_in_tools() == []


def test_a_disk_that_takes_no_more_is_one_sentence_and_leaves_nothing(clone: Clone) -> None:
    with serving(holds(ARCHIVE)) as repository:
        build = clone.start(before="ulimit -f 0", MVNW_REPOURL=repository.url)
        _, said = build.communicate(timeout=60)
    assert build.returncode == 1
    assert said == "cannot build jars/beacon-job-deps.jar: [Errno 27] File too large\n"
    assert clone.left_in_tools() == []


def test_a_half_unpacked_maven_of_a_killed_build_is_not_taken_for_a_whole_one(clone: Clone) -> None:
    (clone.tools / "half-x" / FOLDER / "bin").mkdir(parents=True)
    with serving(holds(ARCHIVE)) as repository:
        assert clone.build(MVNW_REPOURL=repository.url) == ""
    assert (clone.maven / "bin" / "mvn").exists()


def test_the_pinned_maven_is_named_with_its_whole_checksum() -> None:
    digest, name = (ROOT / "jars" / "maven.sha512").read_text().split()
    assert len(bytes.fromhex(digest)) == 64
    assert name == "apache-maven-3.9.16-bin.tar.gz"

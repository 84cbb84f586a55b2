"""The pinned Maven: fetched once, checked against maven.sha512, unpacked into the clone."""

import hashlib
import http.client
import io
import os
import ssl
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jars.trouble import Trouble

TIMEOUT_S = 60
"""Of a silent connection."""


@dataclass(frozen=True)
class Pin:
    """An archive of Maven by name and content, as a line of `sha512sum`."""

    sha512: str
    archive: str

    @classmethod
    def read(cls, path: Path) -> "Pin":
        """The one line of maven.sha512."""
        return cls(*path.read_text().split())

    @property
    def folder(self) -> str:
        """What the archive unpacks to: `apache-maven-3.9.16`."""
        return self.archive.removesuffix("-bin.tar.gz")

    @property
    def path(self) -> str:
        """Where a Maven repository keeps it."""
        name, _, version = self.folder.rpartition("-")
        return f"org/apache/maven/{name}/{version}/{self.archive}"


def fetch(pin: Pin, tools: Path, repository: str, environ: Mapping[str, str]) -> Path:
    """The folder of the pinned Maven below `tools`, fetched from a repository unless it is there.

    The folder appears whole, under its name, only after the check: whoever sees it may trust it.
    Raises Trouble, and OSError when the disk does not take it.
    """
    home = tools / pin.folder
    if home.is_dir():
        return home
    url = f"{repository.rstrip('/')}/{pin.path}"
    print(f"fetching Maven (9 MB) from {url}", flush=True)  # noqa: T201 a person waits
    archive = download(url, environ)
    found = hashlib.sha512(archive).hexdigest()
    if found != pin.sha512:
        message = (
            f"{url} is not the archive that jars/maven.sha512 names: {len(archive)} bytes with SHA-512"
            f" {found[:16]}…, wanted {pin.sha512[:16]}…; the mirror or a proxy answers with something else"
        )
        raise Trouble(message)
    _unpack(archive, home)
    return home


def _unpack(archive: bytes, home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="half-") as half:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(half)  # noqa: S202 the checksum says what is in it
        try:
            os.rename(Path(half) / home.name, home)
        except OSError:
            # A second build at the same time was faster: the same bytes.
            if not home.is_dir():
                raise


def download(url: str, environ: Mapping[str, str]) -> bytes:
    """What is at a url of a Maven repository. Raises Trouble."""
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if user := environ.get("MVNW_USERNAME"):
        passwords.add_password(None, url, user, environ.get("MVNW_PASSWORD", ""))
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    try:
        with opener.open(url, timeout=TIMEOUT_S) as response:
            content: bytes = response.read()
            return content
    except urllib.error.HTTPError as error:
        message = f"{url} answers {error.code} {error.reason}; {_advice(error.code)}"
        raise Trouble(message) from None
    except http.client.IncompleteRead as error:
        message = (
            f"the download of {url} broke off after {len(error.partial)} bytes; run the same command again"
        )
        raise Trouble(message) from None
    except (OSError, http.client.HTTPException) as error:
        raise Trouble(_unreachable(url, error)) from None


def _advice(status: int) -> str:
    if status == http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return "name and password of the proxy go into HTTPS_PROXY=http://name:password@host:port"
    if status in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
        return "a mirror that wants a name and a password gets them from MVNW_USERNAME and MVNW_PASSWORD"
    return "MVNW_REPOURL=https://host/path names another repository that holds what Maven Central holds"


def _unreachable(url: str, error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    host = urlsplit(url).hostname
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {host} is not trusted ({reason.verify_message}); behind a proxy with its own"
            " certificate set SSL_CERT_FILE to a PEM file that holds it, and run again"
        )
    if "407" in str(reason):  # so a refused CONNECT is told
        return f"the proxy refuses to connect to {host} ({reason}); {_advice(407)}"
    return (
        f"cannot fetch {url} ({reason}); behind a proxy set HTTPS_PROXY=http://host:port, with a mirror of"
        " Maven Central set MVNW_REPOURL or name it in ~/.m2/settings.xml, and run again"
    )

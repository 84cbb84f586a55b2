"""How this machine reaches the network, in Maven's words: mirror, proxies, certificates.

Maven reads none of the variables that pip and Python read: HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE.
"""

import hashlib
import ssl
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from jars.trouble import Trouble

CENTRAL = "https://repo.maven.apache.org/maven2"


def repository(environ: Mapping[str, str], settings: Path) -> str:
    """Where to fetch Maven from: MVNW_REPOURL (as Maven's wrapper), the user's mirror, or Central."""
    if named := environ.get("MVNW_REPOURL"):
        parts = urlsplit(named)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            message = (
                "MVNW_REPOURL must be http://host/path or https://host/path, without a name or password:"
                " those go into MVNW_USERNAME and MVNW_PASSWORD"
            )
            raise Trouble(message)
        return named
    return mirror_of_central(settings) or CENTRAL


def mirror_of_central(settings: Path) -> str | None:
    """The mirror that a settings.xml names for Central; the exact name wins over a pattern, as in Maven."""
    if not settings.is_file():
        return None
    try:
        # The user's own file, which Maven parses as well.
        root = ElementTree.parse(settings).getroot()  # noqa: S314
    except ElementTree.ParseError as error:
        message = f"{settings} is not XML: {error}"
        raise Trouble(message) from None
    mirrors = [
        (mirror.findtext("{*}mirrorOf", "").replace(" ", ""), mirror.findtext("{*}url", "").strip())
        for mirror in root.iterfind("{*}mirrors/{*}mirror")
    ]
    for matches in ("central".__eq__, _covers_central):
        for mirror_of, url in mirrors:
            # Maven fills in ${env.NAME} by rules of its own.
            if matches(mirror_of) and url.startswith(("http://", "https://")) and "${" not in url:
                return url
    return None


def _covers_central(mirror_of: str) -> bool:
    names = mirror_of.split(",")
    return "!central" not in names and not {"*", "external:*", "central"}.isdisjoint(names)


def proxies(environment: Mapping[str, str]) -> str:
    """`<proxy>` elements for what `urllib.request.getproxies` says."""
    return "".join(
        _proxy(protocol, environment[protocol], environment.get("no", ""))
        for protocol in ("https", "http")
        if environment.get(protocol)
    )


def _proxy(protocol: str, url: str, exceptions: str) -> str:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        host, port = None, 0
    if not host:
        message = f"{protocol.upper()}_PROXY must be http://host:port or http://name:password@host:port"
        raise Trouble(message)
    fields = {
        "id": f"environment-{protocol}",
        "active": "true",
        "protocol": protocol,
        "host": host,
        "port": str(port),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "nonProxyHosts": "|".join(_hosts(exceptions)),
    }
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value)
    return f"<proxy>{inside}</proxy>\n"


def _hosts(exceptions: str) -> list[str]:
    """NO_PROXY's names in Java's spelling: there a name means its subdomains too."""
    names = [name.strip().lstrip(".") for name in exceptions.split(",")]
    return [host for name in names if name for host in ([name] if name == "*" else [name, f"*.{name}"])]


def trusted_certificates() -> list[bytes]:
    """The authorities that Python trusts here (SSL_CERT_FILE, SSL_CERT_DIR, the system's), DER each."""
    context = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath
    # OpenSSL reads a folder only when it meets a certificate; its names there are hashes.
    for path in sorted(Path(folder).glob("*.[0-9]")) if folder else ():
        context.load_verify_locations(cafile=path)
    return context.get_ca_certs(binary_form=True)


def trust_store(certificates: Sequence[bytes]) -> bytes:
    """A Java key store (JKS, version 2) that trusts these; its password is Java's own, `changeit`."""
    store = struct.pack(">III", 0xFEEDFEED, 2, len(certificates))
    for number, certificate in enumerate(certificates):
        alias = str(number).encode()
        store += struct.pack(
            f">IH{len(alias)}sQ", 2, len(alias), alias, 0
        )  # a trusted certificate, of time 0
        store += struct.pack(">H5sI", 5, b"X.509", len(certificate)) + certificate
    salted = "changeit".encode("utf-16-be") + b"Mighty Aphrodite" + store
    return store + hashlib.sha1(salted, usedforsecurity=False).digest()

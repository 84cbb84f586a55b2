"""A mapping template and a request: rendered by Apache Velocity 1.7 and 2.4.1, and as the front door does."""

import hashlib
import os
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jars.fetch import download
from jars.java import find_java
from jars.network import repository
from jars.trouble import Trouble
from local.front_door.template import BLANKS, Input, render
from tests.places import ROOT

HERE = Path(__file__).parent / "velocity"
TOOLS = ROOT / ".beacon" / "tools" / "velocity"
COMPILER = "ecj-3.37.0.jar"
ENGINES = {
    "1.7": ("velocity-1.7.jar", "commons-collections-3.2.2.jar", "commons-lang-2.6.jar"),
    "2.4.1": ("velocity-engine-core-2.4.1.jar", "commons-lang3-3.17.0.jar", "slf4j-api-1.7.36.jar"),
}
"""Version -> its jars."""
QUIET = {"1.7": ("org.apache.velocity.runtime.log.NullLogChute",), "2.4.1": ()}

Rendered = tuple[str, str]
"""The text without the blanks around it, and what was overridden."""


@dataclass(frozen=True)
class Case:
    """What a template sees."""

    template: str
    body: str = ""
    stage: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    header: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    resource_path: str = "/v1/cmcd/{target}"
    source_ip: str = "203.0.113.7"
    user_agent: str = "curl/8"

    def line(self) -> str:
        """The case as Render.java reads it."""
        context = {
            "requestId": "r-1",
            "requestTimeEpoch": "1795455862908",
            "resourcePath": self.resource_path,
        }
        identity = {"sourceIp": self.source_ip, "userAgent": self.user_agent}
        kinds = {
            "stage": self.stage,
            "query": self.query,
            "header": self.header,
            "path": self.path,
            "context": context,
            "identity": identity,
        }
        words = [self.template, "body", self.body]
        for kind, variables in kinds.items():
            for name, value in variables.items():
                words += [f"{kind}.{name}", value]
        return " ".join(b64encode(word.encode()).decode() for word in words)

    def here(self) -> Rendered:
        """As the local front door renders it."""
        override: dict[str, object] = {"header": {}}
        context = {
            "requestId": "r-1",
            "requestTimeEpoch": 1795455862908,
            "resourcePath": self.resource_path,
            "identity": {"sourceIp": self.source_ip, "userAgent": self.user_agent},
            "responseOverride": override,
        }
        parameters = {"path": self.path, "querystring": self.query, "header": self.header}
        text = render(self.template, Input(self.body, parameters), context, self.stage)
        return text, told(override)


def told(override: Mapping[str, object]) -> str:
    """An override as Java writes it."""
    headers = override["header"]
    assert isinstance(headers, dict)
    pairs = ", ".join(f"{name}={value}" for name, value in sorted(headers.items()))
    return f"{override.get('status', 'null')} {{{pairs}}}"


def velocity(version: str, cases: Sequence[Case]) -> list[Rendered]:
    """The cases in Apache Velocity of this version. Raises Trouble where it cannot be had."""
    java = find_java(os.environ)
    if not java:
        message = "there is no Java"
        raise Trouble(message)
    jars = [str(_jar(name)) for name in ENGINES[version]]
    command = [str(java.home / "bin" / "java"), "-cp", ":".join([str(_compiled(str(java.home))), *jars])]
    done = subprocess.run(
        [*command, "Render", *QUIET[version]],
        input="".join(f"{case.line()}\n" for case in cases),
        capture_output=True,
        text=True,
        check=True,
    )
    words = [line.split(" ") for line in done.stdout.splitlines()]
    return [(_decoded(text).strip(BLANKS), _decoded(override)) for text, override in words]


def _decoded(word: str) -> str:
    return b64decode(word).decode()


def _compiled(home: str) -> Path:
    """The folder of Render.class; made anew for each version of the source."""
    source = HERE / "Render.java"
    target = TOOLS / hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    if not (target / "Render.class").exists():
        # Compiled against the newer engine; what it uses of it is in the older one as well.
        command = [f"{home}/bin/java", "-jar", str(_jar(COMPILER)), "-11", "-d", str(target)]
        subprocess.run([*command, "-cp", str(_jar(ENGINES["2.4.1"][0])), str(source)], check=True)
    return target


def _jar(name: str) -> Path:
    """A jar of jars.sha512, fetched unless it is there. Raises Trouble."""
    target = TOOLS / name
    if target.exists():
        return target
    lines = (line.split() for line in (HERE / "jars.sha512").read_text().splitlines())
    pinned, path = next((sha512, path) for sha512, path in lines if path.endswith(f"/{name}"))
    url = f"{repository(os.environ, Path.home() / '.m2' / 'settings.xml').rstrip('/')}/{path}"
    content = download(url, os.environ)
    if hashlib.sha512(content).hexdigest() != pinned:
        message = f"{url} is not what jars.sha512 names"
        raise Trouble(message)
    TOOLS.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(f".{os.getpid()}")
    half.write_bytes(content)
    half.replace(target)
    return target

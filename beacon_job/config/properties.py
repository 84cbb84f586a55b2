"""Every property the job reads: group, key, meaning, default and what is allowed, as the settings say it.

`python -m beacon_job.config` prints the table of the README.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, NamedTuple, cast

import msgspec
from msgspec import NODEFAULT, Meta, inspect

from beacon_job.config.settings import DeadLetterSettings, FlinkSettings, SourceSettings
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.rollup.settings import RollupSettings
from beacon_job.sessions.settings import Settings as SessionSettings
from beacon_job.stores import DEFAULT, WINGS
from beacon_job.types.settings import Settings

SOURCE, STORE, DEAD_LETTER, STREAM = "beacon.source", "beacon.store", "beacon.dead.letter", "beacon.stream"


class Property(NamedTuple):
    """One property of application_properties.json, or of the service's property groups."""

    group: str
    key: str
    field: str
    """Its name in the settings."""
    type: Any
    """The annotation of its field, which `msgspec.convert` checks."""
    kind: inspect.Type
    """The same without what is said about it."""
    allowed: str
    """For a person: a title, `low..high` or `a or b`."""
    meaning: str
    default: str | None
    """None: it has none."""
    required: bool

    def read(self, text: str) -> Any:
        """The value that a text stands for; raises ValueError with what was found and what is allowed."""
        value: object = text
        if isinstance(self.kind, inspect.VarTupleType):
            value = [part.strip() for part in text.split(",")]
            if len(set(value)) < len(value):
                message = f"found {text!r}; expected {self.allowed}, none twice"
                raise ValueError(message)
        try:
            # Only numbers are read out of their text: of other types a text is what it is, `null` too.
            return msgspec.convert(value, self.type, strict=not isinstance(self.kind, inspect.IntType))
        except msgspec.ValidationError:
            message = f"found {text!r}; expected {self.expected()}"
            raise ValueError(message) from None

    def expected(self) -> str:
        """What is allowed, in a sentence."""
        if isinstance(self.kind, inspect.IntType):
            return f"a whole number from {self.kind.ge} to {self.kind.le}"
        if isinstance(self.kind, inspect.LiteralType):
            return f"one of {', '.join(map(str, self.kind.values))}"
        return self.allowed


def properties_of(group: str, settings: type[Settings]) -> Iterator[Property]:
    """The properties that are fields of some settings: those that have a description."""
    for field in msgspec.structs.fields(settings):
        kind, said = _told(inspect.type_info(field.type))
        if "description" in said:
            yield Property(
                group=group,
                key=field.encode_name,
                field=field.name,
                type=field.type,
                kind=kind,
                allowed=said.get("title") or _allowed(kind),
                meaning=said["description"],
                default=_text(field.default),
                required=field.default is NODEFAULT,
            )


def _told(kind: inspect.Type) -> tuple[inspect.Type, dict[str, str]]:
    """A type without its metadata, and what they say; of an optional type that of the value."""
    if isinstance(kind, inspect.Metadata):
        inner, said = _told(kind.type)
        return inner, {**said, **(kind.extra_json_schema or {})}
    if isinstance(kind, inspect.UnionType):
        [value] = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return _told(value)
    return kind, {}


def _allowed(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.LiteralType):
        return " or ".join(map(str, kind.values))
    return f"{kind.ge}..{kind.le}" if isinstance(kind, inspect.IntType) else ""


def _text(default: object) -> str | None:
    if default is NODEFAULT or default is None:
        return None
    return ",".join(default) if isinstance(default, tuple) else str(default)


StoreChoice = cast(
    type[Settings],
    msgspec.defstruct(
        "StoreChoice",
        [
            (
                "store",
                Annotated[Literal[tuple(WINGS)], Meta(description="which store the rows go to")],
                DEFAULT,
            )
        ],
        bases=(Settings,),
        frozen=True,
    ),
)
"""Decides which settings the group of the store holds besides."""


def groups_for(store: str) -> dict[str, tuple[type[Settings], ...]]:
    """Every group and whose settings it holds, when the rows go to this store."""
    return {
        SOURCE: (SourceSettings,),
        STORE: (StoreChoice, WINGS[store].settings),
        DEAD_LETTER: (DeadLetterSettings,),
        STREAM: (GatherSettings, RollupSettings, SessionSettings, WatermarkSettings, FlinkSettings),
    }


def properties_for(store: str) -> list[Property]:
    """The properties of a job that writes to this store; what several stages take is one property."""
    found: dict[tuple[str, str], Property] = {}
    for group, several in groups_for(store).items():
        for settings in several:
            for item in properties_of(group, settings):
                found.setdefault((group, item.key), item)
    return [*found.values()]


def markdown(properties: Iterable[Property]) -> str:
    """The table of the README."""
    lines = ["| group | key | meaning | default | allowed |", "|---|---|---|---|---|"]
    for item in properties:
        default = f"`{item.default}`" if item.default else "must be set" if item.required else "none"
        lines.append(f"| `{item.group}` | `{item.key}` | {item.meaning} | {default} | {item.allowed} |")
    return "\n".join(lines)

"""Mapping templates: what API Gateway knows, of that what all engines render alike, and safely."""

import re
from collections.abc import Iterator

from deploy.openapi.vocabulary import CONTEXT, DIRECTIVES, DISPUTED, INPUT, TEMPLATE_BYTES, UTIL

_COMMENT = re.compile(r"#\*.*?\*#|##[^\n]*", re.DOTALL)
_QUOTED = re.compile(r"'[^'\n]*'")
_DIRECTIVE = re.compile(r"#\{?([a-zA-Z]+)\}?")
_OPENS = ("if", "foreach", "macro", "define")
_MEMBERS = {"input": INPUT, "util": UTIL, "context": CONTEXT}
_MEMBER = re.compile(r"\$!?\{?(input|util|context)\.(\w+)")
_METHOD = re.compile(r"\.(\w+)\(")
_LOUD = re.compile(r"\$\{?(stageVariables\.\w+|input\.params\(\)\.\w+\.get\([^)]*\)|\w+\.get\([^)]*\))")
_STATUS = re.compile(r"responseOverride\.status\s*=\s*(\d+)")


def problems(place: str, template: object) -> Iterator[str]:
    """What is wrong with a template."""
    if not isinstance(template, str):
        yield f"{place}: a template is text; found {type(template).__name__}"
        return
    if len(template.encode()) > TEMPLATE_BYTES:
        yield f"{place}: {len(template.encode())} bytes; API Gateway takes {TEMPLATE_BYTES}"
    bare = _COMMENT.sub("", template)
    yield from (f"{place}: {what}" for what in _wrong_names(bare))
    directives = _DIRECTIVE.findall(_QUOTED.sub("''", bare))
    for name in sorted(set(directives) - DIRECTIVES):
        yield f"{place}: #{name} is no directive of API Gateway; known are {', '.join(sorted(DIRECTIVES))}"
    opened = sum(directives.count(name) for name in _OPENS)
    if opened != directives.count("end"):
        yield f"{place}: {opened} blocks are opened and {directives.count('end')} are closed with #end"


def overridden(template: object) -> set[str]:
    """The statuses that a template may set itself."""
    return set(_STATUS.findall(str(template)))


def _wrong_names(bare: str) -> Iterator[str]:
    for variable, member in sorted(set(_MEMBER.findall(bare))):
        if member not in _MEMBERS[variable]:
            known = ", ".join(sorted(_MEMBERS[variable]))
            yield f"API Gateway has no ${variable}.{member}; known are {known}"
    for method in sorted(set(_METHOD.findall(bare)) & DISPUTED):
        yield (
            f"{method}() is not the same in all engines;"
            " contains, startsWith, matches, replaceAll, substring and length are"
        )
    for reference in sorted(set(_LOUD.findall(_assigned_or_passed(bare)))):
        yield f"${reference} is pasted as it stands where it is absent; write $!{reference}"


def _assigned_or_passed(bare: str) -> str:
    """The template without what stands in a call: an argument is not pasted."""
    return re.sub(r"\$util\.\w+\([^\n]*?\)\)?", "", bare)

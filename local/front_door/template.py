"""Mapping templates: VTL by airspeed-ext, and what a template sees of a request."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import airspeed

BLANKS = " \t\r\n"


class TemplateError(Exception):
    """A template failed while it was rendered."""


class Input:
    """`$input`: the body, and the parameters of the request."""

    def __init__(self, body: str, parameters: Mapping[str, Mapping[str, str]]) -> None:
        self.body = body
        self._parameters = parameters

    def params(self, name: str | None = None) -> Any:
        """All parameters by kind, or one of them: from the path, the query or the headers, in that order."""
        if name is None:
            return self._parameters
        return next((kind[name] for kind in self._parameters.values() if name in kind), "")


class Util:
    """`$util`, as far as the file uses it."""

    @staticmethod
    def base64Encode(text: str) -> str:
        """Base64 of a text's UTF-8."""
        return b64encode(text.encode()).decode()

    @staticmethod
    def urlEncode(text: str) -> str:
        """`application/x-www-form-urlencoded`, as Java's URLEncoder has it."""
        return quote_plus(text, safe="*").replace("~", "%7E")


def render(template: str, given: Input, context: dict[str, Any], stage_variables: Mapping[str, str]) -> str:
    """The text a template makes, without the blanks around it, in which engines differ.

    What the template overrides is in `context` afterwards. Raises TemplateError.
    """
    names = {"input": given, "context": context, "stageVariables": stage_variables, "util": Util}
    try:
        return str(_compiled(template).merge(names)).strip(BLANKS)
    except Exception as error:  # whatever goes wrong in a template, the engine may raise anything
        message = f"{type(error).__name__}: {error}"
        raise TemplateError(message) from error


@lru_cache(maxsize=64)
def _compiled(template: str) -> airspeed.Template:
    compiled = airspeed.Template(template)
    compiled.ensure_compiled()
    return compiled

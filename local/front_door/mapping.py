"""Parameter mapping: `method.response.header.X: "'*'"` and its like."""

from collections.abc import Mapping


def mapped(parameters: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Header -> value of the parameters that begin with `prefix`; static values are the source known here."""
    return {
        target.removeprefix(prefix): source[1:-1]
        for target, source in parameters.items()
        if target.startswith(prefix) and source[:1] == source[-1:] == "'"
    }

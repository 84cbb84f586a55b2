"""Parameter mapping: `method.response.header.X: "'*'"` and its like."""

from collections.abc import Mapping


def mapped(parameters: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Header -> value of the parameters that begin with `prefix`; all sources are fixed values."""
    return {
        target.removeprefix(prefix): source[1:-1]
        for target, source in parameters.items()
        if target.startswith(prefix)
    }

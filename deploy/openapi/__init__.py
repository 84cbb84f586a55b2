"""deploy/openapi.yaml as API Gateway takes it: read, filled in and checked.

    python -m deploy.openapi deploy/openapi.yaml

The local front door reads it through here, so that what is imported is what runs there.
"""

from deploy.openapi.check import problems
from deploy.openapi.document import EXAMPLE, DocumentError, filled, read, requiring_key
from deploy.openapi.vocabulary import VARIABLE_VALUE, VARIABLE_WORDS

__all__ = [
    "EXAMPLE",
    "VARIABLE_VALUE",
    "VARIABLE_WORDS",
    "DocumentError",
    "filled",
    "problems",
    "read",
    "requiring_key",
]

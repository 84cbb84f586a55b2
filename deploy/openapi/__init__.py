"""deploy/openapi.yaml as API Gateway takes it: read, filled in and checked.

    python -m deploy.openapi deploy/openapi.yaml

`read` is shared with the local front door, so that what is imported is what runs there.
"""

from deploy.openapi.document import DocumentError, filled, read, requiring_key

__all__ = ["DocumentError", "filled", "read", "requiring_key"]

"""The KMS key of a database: given as an id, an alias or an ARN, answered as the ARN of the key. Pure."""

import uuid

from local.timestream.rules import limits
from local.timestream.rules.members import check_size

DEFAULT_ALIAS = "alias/aws/timestream"
"""The key that the service makes for an account that names none."""
_ARN = "arn:aws:kms:us-east-1:000000000000:"


def key_arn(given: str | None) -> str:
    """The key's ARN; an alias stands for the same key each time."""
    named = DEFAULT_ALIAS if given is None else given
    check_size(len(named), named, "kmsKeyId", limits.KMS_KEY_CHARS)
    account, _, name = named.rpartition(":")
    account = f"{account}:" if account else _ARN
    if name.startswith("alias/"):
        return f"{account}key/{uuid.uuid5(uuid.NAMESPACE_URL, account + name)}"
    return f"{account}key/{name.removeprefix('key/')}"

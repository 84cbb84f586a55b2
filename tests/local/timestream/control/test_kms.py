"""However a KMS key is given, it is answered as the ARN of the key."""

import pytest

from local.timestream.control.kms import DEFAULT_ALIAS, key_arn
from local.timestream.rules.errors import ServiceError

ACCOUNT = "arn:aws:kms:us-east-1:000000000000:"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("given", "arn"),
    [
        (KEY_ID, f"{ACCOUNT}key/{KEY_ID}"),
        (
            f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}",
            f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}",
        ),
    ],
)
def test_an_id_becomes_an_arn_and_an_arn_stays_as_it_is(given: str, arn: str) -> None:
    assert key_arn(given) == arn


def test_an_alias_stands_for_one_key_and_another_for_another() -> None:
    assert key_arn("alias/video") == key_arn(f"{ACCOUNT}alias/video")
    assert key_arn("alias/video").startswith(f"{ACCOUNT}key/")
    assert key_arn("alias/video") != key_arn("alias/audio")


def test_without_a_key_it_is_the_one_of_the_service() -> None:
    assert key_arn(None) == key_arn(DEFAULT_ALIAS)


@pytest.mark.parametrize("given", ["", "k" * 2049])
def test_a_key_has_1_to_2048_characters(given: str) -> None:
    with pytest.raises(ServiceError, match="kmsKeyId"):
        key_arn(given)

"""The file is OpenAPI, and the running door does what it says, whatever is asked."""

from collections.abc import Iterator

import pytest
import schemathesis
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from deploy.openapi import read
from tests.local.front_door.conftest import FILE, door
from tests.local.front_door.fake_kinesis import FakeKinesis

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@schemathesis.serializer("application/cmcd", "text/cmcd")
def cmcd(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """Text as it is."""
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


schema = schemathesis.openapi.from_dict(read(FILE))


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with door(FakeKinesis()) as client:
        yield f"http://127.0.0.1:{client.port}/Default"


def test_the_file_is_what_the_openapi_standard_asks_for() -> None:
    validate(read(FILE))


@schema.parametrize()
def test_whatever_is_asked_the_answer_is_one_that_the_file_names(
    case: schemathesis.Case, base_url: str
) -> None:
    case.call_and_validate(base_url=base_url, checks=CHECKS)

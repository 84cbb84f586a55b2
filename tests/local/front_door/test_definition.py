"""A file that cannot be served as it is, is not served at all."""

from pathlib import Path

import pytest

from deploy.openapi import DocumentError
from local.front_door.definition import load
from tests.local.front_door.conftest import FILE


@pytest.mark.parametrize(
    ("found", "instead", "sentence"),
    [
        (":kinesis:action", ":sqs:action", "us-east-1:sqs:action/PutRecord'; here is Kinesis only"),
        ("type: mock", "type: http_proxy", "httpMethod is missing"),
        ("$input.body", "$input.json('$')", "a template with input.json; here are body, params"),
        ("$util.urlEncode", "$util.urlDecode", "a template with util.urlDecode; here are base64Encode"),
        (
            "Cache-Control: \"'no-store'\"",
            "Cache-Control: context.stage",
            "here are fixed values only, as 'x'",
        ),
        (
            "passthroughBehavior: never",
            "passthroughBehavior: nevr",
            "passthroughBehavior is 'nevr'; it is one",
        ),
    ],
)
def test_what_api_gateway_refuses_or_this_door_has_not_is_said(
    tmp_path: Path, found: str, instead: str, sentence: str
) -> None:
    text = FILE.read_text()
    assert found in text
    (tmp_path / "openapi.yaml").write_text(text.replace(found, instead))
    with pytest.raises(DocumentError) as error:
        load(tmp_path / "openapi.yaml")
    assert sentence in str(error.value)

"""deploy/openapi.yaml passes its check, and every way to break it gets a sentence."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.openapi import EXAMPLE, DocumentError, filled, read, requiring_key
from deploy.openapi.check import problems
from tests.places import CASES, ROOT

FILE = ROOT / "deploy" / "openapi.yaml"
ROLE = "arn:aws:iam::123456789012:role/front-door"
ODD = (None, 7, "x", "", [], [7], {}, {"x": 7}, {"x": {}}, True)
BROKEN = [json.loads(line) for line in (CASES / "openapi" / "broken.jsonl").read_text().splitlines()]


def document() -> dict[str, Any]:
    """The project's own, each part of it apart from all others."""
    found = json.loads(json.dumps(filled(read(FILE), EXAMPLE)))
    assert isinstance(found, dict)
    return found


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.openapi", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_projects_own_file_has_no_problem() -> None:
    assert problems(document()) == []
    assert problems(requiring_key(document())) == []


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["said"][:60])
def test_a_broken_file_is_told_what_is_wrong_and_where(case: dict[str, Any]) -> None:
    broken = document()
    holder: Any = broken
    for name in case["at"][:-1]:
        holder = holder[name]
    if case.get("is_gone"):
        del holder[case["at"][-1]]
    else:
        holder[case["at"][-1]] = case["becomes"] * case["times"] if "times" in case else case["becomes"]
    assert [problem for problem in problems(broken) if case["said"] in problem] != []


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a document."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield (*at, name)
        yield from places(member, (*at, name))


@given(st.sampled_from(sorted(places(document()), key=str)), st.sampled_from(ODD))
def test_whatever_stands_anywhere_it_is_a_sentence_and_no_stack_trace(
    place: tuple[str | int, ...], odd: object
) -> None:
    broken = document()
    holder: Any = broken
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = odd
    for problem in problems(broken):
        assert "\n" not in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' stands twice"),
        ("a: [", "is not YAML: while parsing a flow"),
        ("- a\n", "holds list; an OpenAPI document is a mapping"),
        ('a: {"Fn::Sub": "${AWS::Regoin}"}', "found the parameter 'AWS::Regoin'; known are AWS::Partition"),
    ],
)
def test_what_is_no_document_is_said_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "openapi.yaml").write_text(text)
    with pytest.raises(DocumentError) as error:
        filled(read(tmp_path / "openapi.yaml"), EXAMPLE)
    assert said in str(error.value)
    done = run(str(tmp_path / "openapi.yaml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_is_written_for_the_import_is_plain_json_with_everything_filled_in(tmp_path: Path) -> None:
    out = tmp_path / "openapi.json"
    done = run(
        str(FILE), "--out", str(out), "--region", "eu-west-1", "--role-arn", ROLE, "--api-key"
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text())
    assert "x-beacon-shared" not in written
    post = written["paths"]["/v1/cmcd/{target}"]["post"]
    integration = post["x-amazon-apigateway-integration"]
    assert integration["uri"] == "arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord"
    assert integration["credentials"] == ROLE
    assert post["security"] == [{"api_key": []}]
    assert written["paths"]["/v1/health"]["get"]["security"] == []
    assert problems(written) == []


def test_an_import_without_a_role_is_not_written(tmp_path: Path) -> None:
    done = run(str(FILE), "--out", str(tmp_path / "openapi.json"))
    assert done.returncode == 2
    assert "--out needs --region and --role-arn" in done.stderr

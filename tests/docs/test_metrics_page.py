"""The worked examples of docs/metrics.md are computed as the page says, and the page names every field."""

import ast
import operator
import re
from collections import Counter

import msgspec
import pytest

from beacon_job.sessions.results.ledger import SUMS
from beacon_job.types.beacon import Beacon
from tests.places import ROOT
from tests.sessions.driving import T0, rows, run, told

PAGE = (ROOT / "docs" / "metrics.md").read_text()
EXAMPLES = re.findall(r"^## (.+?)\n|^```example\n(.+?)```", PAGE, re.DOTALL | re.MULTILINE)
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def examples() -> list:
    heading, found = "", []
    for title, block in EXAMPLES:
        heading = title or heading
        if block:
            found.append(pytest.param(block.splitlines(), id=heading))
    return found


def requests(words, number):
    """A session that only requests: words are `when/buffered/took`, of segments of 2 s."""
    for segment, word in enumerate(words, 1):
        at_ms, buffer_ms, took_ms = map(int, word.split("/"))
        measures = {"object_type": "video", "object_duration_ms": 2_000, "segment_number": segment}
        measures |= {"buffer_ms": buffer_ms, "ttlb_ms": took_ms, "response_code": 200}
        yield Beacon(
            "request", f"story {number}", T0 + at_ms, T0 + at_ms + took_ms, "cmcd_request", measures=measures
        )


def story(line, number):
    """A story; `:800` behind a word is its bitrate, `-` a beacon that was lost."""
    words = line.split()
    if words[0] == "requests":
        return list(requests(words[1:], number))
    beacons = told(" ".join("t0" if word == "-" else word.partition(":")[0] for word in words))
    kept = []
    for word, item in zip(words, beacons, strict=True):
        _, _, kbps = word.partition(":")
        if word != "-":
            measures = {**item.measures, **({"bitrate_kbps": int(kbps)} if kbps else {})}
            kept.append(msgspec.structs.replace(item, measures=measures, session_id=f"story {number}"))
    return kept


def value(node, names, row):
    match node:
        case ast.BinOp(left, sign, right):
            return OPERATORS[type(sign)](value(left, names, row), value(right, names, row))
        case ast.Constant(number):
            return number
        case ast.Name(name):
            assert name in SUMS, name
            return names[name]
        case ast.Attribute(ast.Name("row"), name):
            return getattr(row, name)
    raise AssertionError(ast.dump(node))


@pytest.mark.parametrize("lines", examples())
def test_a_worked_example_comes_out_as_the_page_says(lines):
    beacons = [item for number, line in enumerate(lines) if "=" not in line for item in story(line, number)]
    outputs = run(beacons)
    names = Counter()
    for item in outputs.contributions:
        names.update(item.sums)
    row = rows(outputs)[0]
    for line in lines:
        if "=" in line:
            left, right = (ast.parse(side.strip(), mode="eval").body for side in line.split("="))
            assert value(left, names, row) == pytest.approx(value(right, names, row)), line


def test_the_page_names_every_sum():
    assert [name for name in SUMS if name != "idle_ms" and f"`{name}`" not in PAGE] == []

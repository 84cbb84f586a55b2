"""Whatever the bytes of a dead letter are, a person can read them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.dead_letters.content import MOST_UNPACKED_BYTES, envelope_in, hex_dump, layers, preview
from tests.local.dead_letters.letters import envelope


@pytest.mark.parametrize(
    ("data", "form", "shown"),
    [
        (b'{"event":"beacon:started"}', "text", '{"event":"beacon:started"}'),
        ("Grüße\n\tund mehr".encode(), "text", "Grüße\n\tund mehr"),
        (b"", "text", ""),
        (b"ab\x00c", "hex", f"000000  {'61 62 00 63':<47}  ab.c"),
        (b"\xff\xfeA", "hex", f"000000  {'ff fe 41':<47}  ..A"),
        (b"\x1b[2Jgone", "hex", f"000000  {'1b 5b 32 4a 67 6f 6e 65':<47}  .[2Jgone"),
    ],
)
def test_text_is_shown_as_text_and_anything_else_in_hexadecimal(data: bytes, form: str, shown: str) -> None:
    (layer,) = layers(data)
    assert (layer.form, layer.text, layer.bytes) == (form, shown, len(data))


def test_a_body_in_an_envelope_is_taken_out_and_what_is_packed_unpacked() -> None:
    found = layers(envelope(gzip.compress(b"inside")))
    assert [layer.title for layer in found] == ["as it came", "body of the envelope", "unpacked from gzip"]
    assert found[-1].text == "inside"


def test_the_envelope_tells_path_and_user_agent() -> None:
    found = envelope_in(envelope(b"body"))
    assert found and (found.path, found.user_agent, found.body) == ("/v1/beacons", "Player/1 (TV)", b"body")


def test_a_gzip_that_would_fill_the_memory_is_unpacked_to_a_limit() -> None:
    packed = gzip.compress(bytes(50 * MOST_UNPACKED_BYTES))
    assert layers(packed)[-1].bytes == MOST_UNPACKED_BYTES


@pytest.mark.parametrize("cut", [3, 30])
def test_a_gzip_that_was_cut_off_is_unpacked_as_far_as_it_goes(cut: int) -> None:
    packed = gzip.compress(bytes(range(256)) * 8)[:cut]
    assert [layer.title for layer in layers(packed)] == ["as it came", "unpacked from gzip"]


def test_a_preview_is_one_line_of_the_innermost_bytes() -> None:
    assert preview(envelope(b'{\n  "event": "x"\n}')) == '{ "event": "x" }'
    assert preview(b"a" * 1000) == "a" * 159 + "…"


@given(st.binary(max_size=300))
def test_hexadecimal_loses_nothing(data: bytes) -> None:
    lines = hex_dump(data).splitlines()
    assert b"".join(bytes.fromhex(line[8:55]) for line in lines) == data
    assert [int(line[:6], 16) for line in lines] == list(range(0, len(data), 16))


@given(st.binary() | st.binary().map(gzip.compress) | st.binary().map(envelope))
def test_no_bytes_are_too_strange_to_be_shown(data: bytes) -> None:
    assert layers(data)[0].bytes == len(data)
    assert "\n" not in preview(data)

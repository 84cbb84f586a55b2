"""RFC 8941 dictionaries as players send them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_job.decode.bad import UnreadableError
from beacon_job.decode.cmcd.keys import pairs_of
from beacon_job.decode.cmcd.line import Item, member, members
from beacon_job.decode.vocabulary.bounds import MAX_LINE_CHARS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("su", ("su", [Item(True)])),
        ("bg=?0", ("bg", [Item(False)])),
        ("br=3000", ("br", [Item(3000)])),
        ("pr=-1.25", ("pr", [Item(-1.25)])),
        ("sf=h", ("sf", [Item("h")])),
        ('cid="a \\"b\\" \\\\"', ("cid", [Item('a "b" \\')])),
        ("br=(3000;v 128;a)", ("br", [Item(3000, ("v",)), Item(128, ("a",))])),
        ("br=( 3000 )", ("br", [Item(3000)])),
        ("bl=()", ("bl", [])),
        ("br=(1;v=?0;x=5);y", ("br", [Item(1, ("x",))])),
        ('ec=("a,b" "c)d")', ("ec", [Item("a,b"), Item("c)d")])),
        ("cmsdd=:aGk=:", ("cmsdd", [Item(":aGk=:")])),
        ("  e=t  ", ("e", [Item("t")])),
        ("br=", ("br", [])),
        ("br;v", ("br", [Item(True, ("v",))])),
        ("url=https://a/b?c=d", ("url", [Item("https://a/b?c=d")])),
    ],
)
def test_a_member_has_a_key_and_values(text: str, expected: tuple[str, list[Item]]) -> None:
    assert member(text) == expected


@pytest.mark.parametrize("text", ["", "5=a", 'a="open', "a=(1", "a=1)", "a b", "a=1 b=2", '"a"', "a=(1;v"])
def test_what_is_no_member_is_none(text: str) -> None:
    assert member(text) is None


def test_commas_in_strings_and_trailing_ones_do_not_cut() -> None:
    assert members('a="x,y",b=(1 2), c,') == ['a="x,y"', "b=(1 2)", " c"]


@pytest.mark.parametrize(("line", "position"), [("a=1,,b", 4), ('a=1,b="open', 6), ('a="x"y"', 6)])
def test_a_line_that_cannot_be_cut_says_where(line: str, position: int) -> None:
    with pytest.raises(UnreadableError, match=f"from character {position}:"):
        members(line)


@pytest.mark.parametrize(
    "part", ["(", ")", '"', '\\"', ";", "a;", "a=(", "1 ", 'a="\\', "=", "\\", ";a=", "\t"]
)
def test_reading_takes_time_in_proportion_to_the_length(part: str) -> None:
    # Were any of these quadratic, the longest line that is read would take minutes.
    line = ("a=" + part * MAX_LINE_CHARS)[:MAX_LINE_CHARS]
    for text in (line, "a=(" + line, 'a="' + line):
        member(text)
        try:
            members(text)
        except UnreadableError as problem:
            assert problem.reason == "bad_cmcd"


@given(
    st.from_regex(r"[a-z*][a-z0-9_.*-]{0,8}", fullmatch=True),
    st.one_of(
        st.integers(-(10**15) + 1, 10**15 - 1).map(lambda n: (str(n), n)),
        st.booleans().map(lambda b: (f"?{b:d}", b)),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(
            lambda s: ('"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"', s)
        ),
    ),
)
def test_what_is_written_by_the_rules_is_read_back(key: str, written: tuple[str, object]) -> None:
    text, value = written
    assert members(f"a=1,{key}={text}") == ["a=1", f"{key}={text}"]
    assert member(f"{key}={text}") == (key, [Item(value)])  # type: ignore[arg-type]


@settings(max_examples=60)
@given(st.text(alphabet='ab=,;()"\\ 1?.', max_size=30))
def test_cutting_loses_nothing(line: str) -> None:
    try:
        found = members(line)
    except UnreadableError:
        return
    assert ",".join(found) == line.removesuffix(",")


def test_learning_is_bounded() -> None:
    learnt = pairs_of.__self__
    for n in range(70_000):
        pairs_of(f"br={n}")
    assert len(learnt) <= 32_768
    assert pairs_of("br=5") == (("bitrate_kbps", 5),)

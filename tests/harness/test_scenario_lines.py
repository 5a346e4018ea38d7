"""Every key of a TOML document is found on its line, and no document stops the search."""

from __future__ import annotations

import tomllib
from typing import Any
from typing import Iterator

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from harness.scenario_text._lines import KeyPath
from harness.scenario_text._lines import dotted
from harness.scenario_text._lines import locate

DOCUMENT = '''\
# a comment = 1
name = "x"  # [not.a.table]
text = """
key = 1
[table]
"""
raw = \'\'\'
[[job]]
''\'\'\'

[world]
site.name = "BNL"
"odd.key" = 1
node = { cores = 8, disk = { size = "2 GB", note = "}" } }

[[job]]
inputs = [
    { size = "1 GB" },   # the first, with a ]
    { size = "2 GB",
      lfn = "b" },
]
matrix = [[1, 2], [
    3]]

[job.payload]
walltime = "2h"

[[job]]
kind = "itb"
[[job.part]]
a = 1
[[job.part]]
a = 2

[ a . "b c" ]
d = 2026-03-01 08:00:00Z
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("text",), 3),
        (("raw",), 7),
        (("world",), 11),
        (("world", "site"), 12),
        (("world", "site", "name"), 12),
        (("world", "odd.key"), 13),
        (("world", "node", "disk", "note"), 14),
        (("job",), 16),
        (("job", 0), 16),
        (("job", 0, "inputs"), 17),
        (("job", 0, "inputs", 0, "size"), 18),
        (("job", 0, "inputs", 1), 19),
        (("job", 0, "inputs", 1, "lfn"), 20),
        (("job", 0, "matrix", 1, 0), 23),
        (("job", 0, "payload"), 25),
        (("job", 0, "payload", "walltime"), 26),
        (("job", 1), 28),
        (("job", 1, "kind"), 29),
        (("job", 1, "part", 0, "a"), 31),
        (("job", 1, "part", 1), 32),
        (("job", 1, "part", 1, "a"), 33),
        (("a",), 35),
        (("a", "b c", "d"), 36),
    ],
)
def test_each_kind_of_key_is_found_on_its_line(path: KeyPath, line: int) -> None:
    assert line == locate(DOCUMENT).of(path)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("nowhere",), 1),
        (("world", "queue"), 11),
        (("job", 0, "payload", "outputs", 3, "size"), 25),
        (("job", 1, "payload"), 28),
        (("job", 7), 16),
    ],
)
def test_what_is_not_there_is_looked_for_in_the_table_around_it(path: KeyPath, line: int) -> None:
    assert line == locate(DOCUMENT).of(path)


def test_windows_line_ends_change_no_line() -> None:
    assert 36 == locate(DOCUMENT.replace("\n", "\r\n")).of(("a", "b c", "d"))


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("fault.0.at", ("fault", "0", "at")),
        ('a."b.c".d', ("a", "b.c", "d")),
        (" a . b ", ("a", "b")),
        ("", ()),
        ("a..b", ()),
        ("a = 1 #", ()),
        ("a\nb", ()),
    ],
)
def test_a_dotted_key_is_taken_apart(key: str, parts: tuple[str, ...]) -> None:
    assert parts == dotted(key)


@given(st.text(alphabet="[]{}=\"'#,.\n\\ab1 \t\r"))
def test_no_text_stops_the_search(text: str) -> None:
    lines = locate(text)
    assert 1 <= lines.of(("a",)) <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("start", "opening"),
    [("", "["), ("a=", "["), ("a=", "{b="), ("a=", "[{b="), ("", '"""'), ("", "a."), ("", "a=[")],
)
def test_endless_nesting_does_not_stop_the_search(start: str, opening: str) -> None:
    assert 1 == locate(start + opening * 20_000).of(("b",))


KEYS = st.text(min_size=1, max_size=8)
TEXTS = st.text(max_size=12)
# Every number is used once, so that the line on which it stands can be told without the scanner.
SHAPES = st.recursive(
    st.just(0) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def numbered(shape: Any, numbers: Iterator[int]) -> Any:
    """Return *shape* with a number of its own in place of each zero."""
    if isinstance(shape, dict):
        return {key: numbered(value, numbers) for key, value in shape.items()}
    if isinstance(shape, list):
        return [numbered(value, numbers) for value in shape]
    return next(numbers) if shape == 0 else shape


def leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, int]]:
    """Yield the path of every number in *value*."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    elif isinstance(value, int):
        yield path, value


@given(shape=st.dictionaries(KEYS, SHAPES, max_size=6), multiline=st.booleans())
def test_every_number_of_a_generated_document_is_found(shape: Any, multiline: bool) -> None:
    document = numbered(shape, iter(range(7_000_001, 8_000_000)))
    text = tomli_w.dumps(document, multiline_strings=multiline)
    assert document == tomllib.loads(text)
    lines = locate(text)
    for path, number in leaves(document):
        expected = text[: text.index(str(number))].count("\n") + 1
        assert expected == lines.of(path)

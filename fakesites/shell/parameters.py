"""What ``${name…}`` does to a value: pieces trimmed, replaced, cut out, letters changed.

Read from: the bash manual, 3.5.3.
"""

from __future__ import annotations

import re
from typing import Callable
from typing import Sequence
from typing import TypeVar

from fakesites.shell.patterns import expression

Item = TypeVar("Item")


class UnboundError(Exception):
    """A parameter that must be set is not; the text is what bash says of it."""


def changed(value: str, operator: str, pattern: str, replacement: str) -> str:
    """Return *value* as the *operator* changes it. *pattern* is one of file names."""
    if operator[0] in "#%":
        return trim(value, operator, pattern)
    if operator[0] == "/":
        return replaced(value, operator, pattern, replacement)
    return _cased(value, operator, pattern or "?")


def trim(value: str, operator: str, pattern: str) -> str:
    """Return *value* without the shortest (# %) or longest (## %%) piece that matches."""
    sizes = range(len(value) + 1)
    matches = _matcher(pattern)
    if operator[0] == "#":
        hits = [size for size in sizes if matches(value[:size])]
        size = (hits[-1] if operator == "##" else hits[0]) if hits else 0
        return value[size:]
    hits = [size for size in sizes if matches(value[size:])]
    size = (hits[0] if operator == "%%" else hits[-1]) if hits else len(value)
    return value[:size]


def replaced(value: str, operator: str, pattern: str, replacement: str) -> str:
    """Return *value* with what matches replaced: the first (/), all (//), at an end (/# /%)."""
    if not pattern:
        return replacement + value if operator == "/#" else value
    text = expression(pattern)
    text = f"(?:{text})" + (r"\Z" if operator == "/%" else "")
    if operator == "/#":
        found = re.compile(text, re.DOTALL).match(value)
        return value if found is None else replacement + value[found.end() :]
    count = 0 if operator == "//" else 1
    return re.sub(_not_empty(text), lambda _: replacement, value, count=count, flags=re.DOTALL)


def _not_empty(text: str) -> str:
    return f"(?=[\\s\\S]){text}"


def _cased(value: str, operator: str, pattern: str) -> str:
    change: Callable[[str], str] = str.upper if operator[0] == "^" else str.lower
    matches = _matcher(pattern)
    letters = [change(letter) if matches(letter) else letter for letter in value]
    if len(operator) == 2:
        return "".join(letters)
    return "".join(letters[:1]) + value[1:]


def _matcher(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(rf"(?:{expression(pattern)})\Z", re.DOTALL)
    return lambda text: compiled.match(text) is not None


def sliced(values: Sequence[Item], offset: int, length: int | None) -> list[Item]:
    """Return *length* of *values* from *offset*; negative ones count from the end."""
    size = len(values)
    begin = offset if offset >= 0 else size + offset
    if begin < 0 or begin > size:
        return []
    if length is None:
        return list(values[begin:])
    end = begin + length if length >= 0 else size + length
    return list(values[begin : max(begin, end)])

"""Ranges of released versions: ``pypi:>=3.0``, ``pypi:3.5.*``, ``pypi:>=3.2,<3.4``, ``pypi:*``.

The operators are those of PEP 440 as far as they mean something for numbered releases: == != >=
<= > < and ~=; several are joined by commas and must all hold. Not modelled: pre-releases and
local versions, of which there are none.
"""

from __future__ import annotations

import re
from typing import Callable
from typing import Iterable
from typing import Mapping

Numbers = tuple[int, ...]
Test = Callable[[Numbers, Numbers], bool]

CLAUSE = re.compile(r"(?P<operator>==|!=|>=|<=|~=|>|<|)\s*(?P<numbers>\d+(\.\d+)*)(?P<star>\.\*)?")
ALL = ("*", "all")
TESTS: Mapping[str, Test] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
}


def is_range(text: str) -> bool:
    """Tell whether *text* means releases by a rule, rather than one by its number."""
    return text in ALL or text.endswith(".*") or any(sign in text for sign in "<>=~!,")


def within(text: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Return those of *versions* that the range *text* holds, oldest first.

    Raises ValueError with the clause that cannot be read.
    """
    clauses = [] if text in ALL else [_clause(each.strip()) for each in text.split(",")]
    kept = {each: numbers_of(each) for each in versions}
    chosen = [each for each, numbers in kept.items() if all(test(numbers) for test in clauses)]
    return tuple(sorted(chosen, key=lambda each: (kept[each], each)))


def numbers_of(version: str) -> Numbers:
    """Return the numbers of *version*: 3.7.0.36 is newer than 3.7.0.4."""
    return tuple(int(each) for each in re.findall(r"\d+", version))


def _clause(text: str) -> Callable[[Numbers], bool]:
    found = CLAUSE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    wanted, operator = numbers_of(found["numbers"]), found["operator"] or "=="
    if operator == "~=":
        return lambda numbers: numbers >= wanted and _begins(numbers, wanted[:-1])
    if found["star"] and operator in ("==", "!="):
        return lambda numbers: _begins(numbers, wanted) == (operator == "==")
    test = TESTS[operator]
    return lambda numbers: test(*_padded(numbers, wanted))


def _begins(numbers: Numbers, head: Numbers) -> bool:
    return numbers[: len(head)] == head


def _padded(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Return both with as many numbers: 3 means 3.0.0."""
    size = max(len(left), len(right))
    return left + (0,) * (size - len(left)), right + (0,) * (size - len(right))

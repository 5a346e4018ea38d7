"""``-k EXPR``: choose scenarios by words of their names, tags, pilots and seeds.

A word stands for every flight that has a name containing it or a tag equal to it; words join
with ``and``, ``or``, ``not`` and parentheses, as in pytest.
"""

from __future__ import annotations

import re
from typing import Callable
from typing import Iterable

from simkernel import ScenarioError

Test = Callable[[str, Iterable[str]], bool]

DEPTH_MAX = 100
KEYWORDS = ("and", "or", "not", "(", ")")

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")


def selects(expression: str) -> Test:
    """Return the test (name, tags) -> bool that *expression* means. Raises ScenarioError."""
    tokens = _TOKEN.findall(expression)
    if not tokens:
        return lambda _name, _tags: True
    parser = _Parser(tokens, expression)
    test = parser.either(0)
    parser.end()
    return test


class _Parser:
    """Recursive descent: or, and, not, word or parentheses."""

    def __init__(self, tokens: list[str], expression: str) -> None:
        self._tokens = tokens
        self._expression = expression
        self._at = 0

    def either(self, depth: int) -> Test:
        tests = [self._both(depth)]
        while self._take("or"):
            tests.append(self._both(depth))
        return lambda name, tags: any(test(name, tags) for test in tests)

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise self._error()

    def _both(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._take("and"):
            tests.append(self._one(depth))
        return lambda name, tags: all(test(name, tags) for test in tests)

    def _one(self, depth: int) -> Test:
        if depth > DEPTH_MAX:
            raise self._error()
        if self._take("not"):
            denied = self._one(depth + 1)
            return lambda name, tags: not denied(name, tags)
        if self._take("("):
            test = self.either(depth + 1)
            if not self._take(")"):
                raise self._error()
            return test
        return self._word()

    def _word(self) -> Test:
        if self._at >= len(self._tokens) or self._tokens[self._at] in KEYWORDS:
            raise self._error()
        word = self._tokens[self._at].lower()
        self._at += 1
        return lambda name, tags: word in name.lower() or word in tags

    def _take(self, token: str) -> bool:
        found = self._tokens[self._at : self._at + 1] == [token]
        self._at += found
        return found

    def _error(self) -> ScenarioError:
        place = " ".join(self._tokens[: self._at]) or "the beginning"
        what = f"cannot read -k {self._expression!r} after {place}"
        return ScenarioError(what, remedy="write words with and, or, not and ( )")

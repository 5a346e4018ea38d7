"""Arithmetic of the shell: expressions over 64-bit integers and variables.

Read from: the bash manual, 6.5. The text was expanded by then: it holds names, numbers and signs.
"""

from __future__ import annotations

import re
from typing import Callable

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+#[0-9A-Za-z@_]+|0[xX][0-9A-Fa-f]+|\d+)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|<<=|>>=|\+\+|--|[-+*/%&^|]=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>=!~&^|?:,()\[\]]))"
)
ASSIGNING = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="})
# Operators of two sides by precedence, the loosest first.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<", "<=", ">", ">="),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
DEPTH_LIMIT = 100

Look = Callable[[str, "str | None"], str | None]
Assign = Callable[[str, "str | None", str], None]


class ArithmeticProblem(Exception):
    """The expression cannot be computed; the text is what bash says of it."""


def compute(text: str, *, look: Look, assign: Assign, depth: int = 0) -> int:
    """Return the value of the expression *text*; nothing at all is 0.

    *look* gives the text of a variable, or of the item of an array at an index, *assign* sets it.
    Raises ArithmeticProblem.
    """
    if depth > DEPTH_LIMIT:
        raise ArithmeticProblem(f"{text}: expression recursion level exceeded")
    if not text.strip():
        return 0
    machine = _Machine(text, look, assign, depth)
    value = machine.comma()
    machine.end()
    return value


def wrapped(value: int) -> int:
    """Return *value* as a signed number of 64 bits."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


class _Machine:
    """A recursive descent that computes as it goes; with *live* off nothing is assigned."""

    def __init__(self, text: str, look: Look, assign: Assign, depth: int) -> None:
        self._text = text
        self._look = look
        self._assign = assign
        self._depth = depth
        self._tokens = self._cut()
        self._at = 0
        self._live = True

    def _cut(self) -> list[str]:
        tokens: list[str] = []
        position = 0
        text = self._text.rstrip()
        while position < len(text):
            found = TOKEN.match(text, position)
            if found is None:
                raise self._problem("syntax error: operand expected", text[position:])
            tokens.append(found[0].strip())
            position = found.end()
        return tokens

    def _problem(self, what: str, token: str = "") -> ArithmeticProblem:
        shown = token.strip() or "".join(self._tokens[self._at :])
        return ArithmeticProblem(f'{self._text}: {what} (error token is "{shown}")')

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *texts: str) -> str:
        token = self._peek()
        if token not in texts or not token:
            return ""
        self._at += 1
        return token

    def end(self) -> None:
        """Raise ArithmeticProblem unless all of the text was used."""
        if self._at < len(self._tokens):
            raise self._problem("syntax error in expression")

    def comma(self) -> int:
        value = self._assignment()
        while self._take(","):
            value = self._assignment()
        return value

    def _assignment(self) -> int:
        begin = self._at
        # A look ahead only: what an index does, it must not do twice.
        place = self._if_place()
        operator = self._peek()
        self._at = begin
        if place is None or operator not in ASSIGNING:
            return self._choice()
        place = self._place() or place
        self._at += 1
        value = self._assignment()
        if operator != "=":
            value = self._apply(operator[:-1], self._value_of(place), value)
        return self._set(place, value)

    def _place(self) -> tuple[str, str | None] | None:
        """Read a name, maybe with an index, which could be assigned to."""
        name = self._peek()
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            return None
        self._at += 1
        if not self._take("["):
            return name, None
        index = str(self.comma())
        if not self._take("]"):
            raise self._problem("syntax error: `]' expected")
        return name, index

    def _if_place(self) -> tuple[str, str | None] | None:
        kept, self._live = self._live, False
        try:
            return self._place()
        except ArithmeticProblem:
            return None
        finally:
            self._live = kept

    def _value_of(self, place: tuple[str, str | None]) -> int:
        text = self._look(*place) or ""
        if re.fullmatch(r"-?\d+", text) and not re.match(r"-?0\d", text):
            return int(text)
        return compute(text, look=self._look, assign=self._assign, depth=self._depth + 1)

    def _set(self, place: tuple[str, str | None], value: int) -> int:
        value = wrapped(value)
        if self._live:
            self._assign(*place, str(value))
        return value

    def _choice(self) -> int:
        condition = self._or()
        if not self._take("?"):
            return condition
        left = self._if(bool(condition), self._assignment)
        if not self._take(":"):
            raise self._problem("`:' expected for conditional expression")
        right = self._if(not condition, self._assignment)
        return left if condition else right

    def _if(self, live: bool, read: Callable[[], int]) -> int:
        kept = self._live
        self._live = kept and live
        try:
            return read()
        finally:
            self._live = kept

    def _or(self) -> int:
        value = self._and()
        while self._take("||"):
            right = self._if(not value, self._and)
            value = int(bool(value or right))
        return value

    def _and(self) -> int:
        value = self._level(0)
        while self._take("&&"):
            right = self._if(bool(value), lambda: self._level(0))
            value = int(bool(value and right))
        return value

    def _level(self, number: int) -> int:
        if number == len(LEVELS):
            return self._power()
        value = self._level(number + 1)
        while operator := self._take(*LEVELS[number]):
            value = self._apply(operator, value, self._level(number + 1))
        return value

    def _power(self) -> int:
        value = self._unary()
        if not self._take("**"):
            return value
        exponent = self._power()
        if exponent < 0:
            raise self._problem("exponent less than 0")
        return wrapped(value**exponent)

    def _unary(self) -> int:
        sign = self._take("+", "-", "!", "~", "++", "--")
        if sign in ("++", "--"):
            place = self._place()
            if place is None:
                raise self._problem("syntax error: operand expected")
            return self._set(place, self._value_of(place) + (1 if sign == "++" else -1))
        if not sign:
            return self._primary()
        value = self._unary()
        return {"+": value, "-": -value, "!": int(not value), "~": ~value}[sign]

    def _primary(self) -> int:
        if self._take("("):
            value = self.comma()
            if not self._take(")"):
                raise self._problem("missing `)'")
            return value
        place = self._place()
        if place is not None:
            value = self._value_of(place) if self._live else 0
            if step := self._take("++", "--"):
                self._set(place, value + (1 if step == "++" else -1))
            return value
        token = self._peek()
        if not token[:1].isdigit():
            raise self._problem("syntax error: operand expected")
        self._at += 1
        return self._number(token)

    def _number(self, token: str) -> int:
        try:
            if "#" in token:
                base, _, digits = token.partition("#")
                return int(digits, int(base))
            if token[:2].lower() == "0x":
                return int(token, 16)
            return int(token, 8) if token[0] == "0" else int(token)
        except ValueError:
            raise self._problem("value too great for base", token) from None

    def _apply(self, operator: str, left: int, right: int) -> int:
        if operator in "/%":
            return self._divided(operator, left, right)
        results: dict[str, Callable[[], int]] = {
            "|": lambda: left | right,
            "^": lambda: left ^ right,
            "&": lambda: left & right,
            "==": lambda: int(left == right),
            "!=": lambda: int(left != right),
            "<": lambda: int(left < right),
            "<=": lambda: int(left <= right),
            ">": lambda: int(left > right),
            ">=": lambda: int(left >= right),
            "<<": lambda: left << (right % 64),
            ">>": lambda: left >> (right % 64),
            "+": lambda: left + right,
            "-": lambda: left - right,
            "*": lambda: left * right,
        }
        return wrapped(results[operator]())

    def _divided(self, operator: str, left: int, right: int) -> int:
        if not right:
            if not self._live:
                return 0
            raise self._problem("division by 0", self._tokens[self._at - 1])
        quotient = abs(left) // abs(right)
        quotient = quotient if (left < 0) == (right < 0) else -quotient
        return wrapped(quotient if operator == "/" else left - quotient * right)

"""awk, as far as pilots' pipelines use it: fields picked from lines.

Models ``[condition] {print …}`` with -F, and ``END {print NR}``. A condition is /re/, !/re/, or
a comparison of NR, NF or a field with a number or a text. Anything else is refused.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Callable

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._patterns import compiled
from fakesites.tools._texts import lines
from fakesites.tools._texts import read_all

AWK = Grammar(values="Fv", in_order=True, code=2)
PROGRAM = re.compile(r"\s*(?P<when>[^{}]*?)\s*(?:\{\s*print\b(?P<what>[^{};]*);?\s*\})?\s*")
COMPARED = re.compile(r"(\$?\w+)\s*(==|!=|<=|>=|<|>)\s*(\"[^\"]*\"|-?[\d.]+)")
INDEX = re.compile(r"\$([1-9]\d?)")
TERM = re.compile(r"\s*(\"(?:[^\"\\]|\\.)*\"|\$NF|\$\d+|\$\(NF-\d+\)|NR|NF|,)\s*")
OPERATORS: dict[str, Callable[[float | str, float | str], bool]] = {
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern and what to print of a line that it matches."""

    when: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One line, split."""

    line: str
    fields: tuple[str, ...]
    number: int

    def value(self, term: str) -> str:
        """Return what *term* stands for: $0, $N, $NF, $(NF-N), NR, NF or a text."""
        if term.startswith('"'):
            return term[1:-1].replace("\\t", "\t").replace("\\n", "\n").replace('\\"', '"')
        if term == "$0":
            return self.line
        names = {"NR": self.number, "NF": len(self.fields)}
        if term in names:
            return str(names[term])
        index = self._index(term)
        return self.fields[index - 1] if 0 < index <= len(self.fields) else ""

    def _index(self, term: str) -> int:
        if term == "$NF":
            return len(self.fields)
        if term.startswith("$("):
            return len(self.fields) - int(term[5:-1])
        return int(term[1:])


@tool("awk", "gawk", "mawk", quiet=True)
def awk(call: ToolCall) -> int:
    """Print pieces of the lines of the files."""
    options = AWK.read(call.argv)
    if not options.words:
        raise UsageError("usage: awk [-F fs][-v var=value] prog [file ...]", code=2)
    if options.has("v"):
        raise NotSpoken("-v")
    rules = program(options.words[0])
    texts = read_all(call, options.words[1:], complaint="cannot open {name} ({reason})")
    separator = options.get("F")
    if len(rules) == 1 and not rules[0].when and len(rules[0].terms) == 1 and not separator:
        index = INDEX.fullmatch(rules[0].terms[0])
        if index is not None:  # {print $N}, the most usual program of all
            return _print_field(call, texts, int(index[1]), len(options.words) - 1)
    number = 0
    written: list[str] = []
    for _, text in texts:
        for line in lines(text):
            number += 1
            record = Record(line, _fields(line, separator), number)
            written += [_print(rule, record) for rule in rules if _matches(rule, record)]
    call.out("".join(written))
    last = Record("", (), number)
    call.out("".join(_print(rule, last) for rule in rules if rule.when == "END"))
    return 0 if len(texts) >= len(options.words) - 1 else 2


def _print_field(call: ToolCall, texts: list[tuple[str, str]], index: int, asked: int) -> int:
    rows = [line.split(None, index) for _, text in texts for line in lines(text)]
    call.out("".join(f"{row[index - 1] if len(row) >= index else ''}\n" for row in rows))
    return 0 if len(texts) >= asked else 2


@lru_cache(maxsize=256)
def program(text: str) -> tuple[Rule, ...]:
    """Return the rules of an awk program. Raises NotSpoken for one outside the subset."""
    rules: list[Rule] = []
    for piece in re.findall(r"[^{}]*\{[^{}]*\}|[^{}]+\Z", text.strip()):
        if not piece.strip():
            continue
        found = PROGRAM.fullmatch(piece)
        if found is None or (found["when"] and not _known(found["when"])):
            raise NotSpoken(piece.strip())
        rules.append(Rule(found["when"], _terms(found["what"])))
    if not rules:
        raise NotSpoken(text)
    return tuple(rules)


def _known(when: str) -> bool:
    return when == "END" or bool(COMPARED.fullmatch(when)) or _expression(when) is not None


def _expression(when: str) -> str | None:
    found = re.fullmatch(r"!?/((?:[^/\\]|\\.)*)/", when)
    return found[1].replace("\\/", "/") if found else None


def _terms(text: str | None) -> tuple[str, ...]:
    if text is None or not text.strip():
        return ("$0",)
    terms: list[str] = []
    at = 0
    while at < len(text):
        found = TERM.match(text, at)
        if found is None:
            raise NotSpoken(f"print{text}")
        terms.append(found[1])
        at = found.end()
    return tuple(terms)


def _fields(line: str, separator: str) -> tuple[str, ...]:
    if separator in ("", " "):
        return tuple(line.split())
    if not line:
        return ()
    if len(separator) == 1 and separator != "\\":
        return tuple(line.split(separator))
    separator = separator.replace("\\t", "\t")
    return tuple(re.split(compiled(separator, "extended"), line))


def _matches(rule: Rule, record: Record) -> bool:
    when = rule.when
    if not when:
        return True
    if when == "END":
        return False
    expression = _expression(when)
    if expression is not None:
        hit = compiled(expression, "extended").search(record.line) is not None
        return hit != when.startswith("!")
    return _compare(when, record)


def _compare(when: str, record: Record) -> bool:
    found = COMPARED.fullmatch(when)
    assert found is not None, when
    left, right = record.value(found[1]), record.value(found[3]) if '"' in found[3] else found[3]
    try:
        if '"' in found[3]:
            raise ValueError
        return OPERATORS[found[2]](float(left or 0), float(right))
    except ValueError:  # one of them is no number: texts are compared
        return OPERATORS[found[2]](left, right)


def _print(rule: Rule, record: Record) -> str:
    pieces = [" " if term == "," else record.value(term) for term in rule.terms]
    return "".join(pieces) + "\n"

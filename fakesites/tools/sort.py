"""sort and uniq, in the C locale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Callable

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._texts import encoded
from fakesites.tools._texts import lines
from fakesites.tools._texts import read_all

SORT = Grammar(
    flags="bfnrsuh",
    values="kto",
    long=(
        ("field-separator=", "t"),
        ("ignore-case", "f"),
        ("key=", "k"),
        ("numeric-sort", "n"),
        ("output=", "o"),
        ("reverse", "r"),
        ("stable", "s"),
        ("unique", "u"),
    ),
    code=2,
)
UNIQ = Grammar(
    flags="cdiu",
    long=(("count", "c"), ("ignore-case", "i"), ("repeated", "d"), ("unique", "u")),
)
KEY = re.compile(r"(\d+)([bfnr]*)(?:,(\d+)([bfnr]*))?")
NUMBER = re.compile(r"[ \t]*(-?)(\d*)(?:\.(\d*))?")
FIELD = re.compile(r"[ \t]*[^ \t]+")
FIELD_LIMIT = 1_000_000

Rank = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: fields *first* to *last*, and letters of b, f, n, r."""

    first: int
    last: int
    letters: frozenset[str]

    def rank(self, line: str, separator: str) -> Rank:
        """Return what to compare of *line*."""
        whole = self.first == 1 and self.last == FIELD_LIMIT
        text = line if whole else self._piece(line, separator)
        if "n" in self.letters:
            return number_of(text), ""
        if "b" in self.letters:
            text = text.lstrip(" \t")
        return 0.0, text.upper() if "f" in self.letters else text

    def _piece(self, line: str, separator: str) -> str:
        fields = line.split(separator) if separator else FIELD.findall(line)
        return separator.join(fields[self.first - 1 : self.last])


WHOLE = Key(1, FIELD_LIMIT, frozenset())


def number_of(text: str) -> float:
    """Return the number that *text* begins with, 0 if it does not."""
    found = NUMBER.match(text)
    if found is None or not (found[2] or found[3]):
        return 0.0
    return float(f"{found[1]}{found[2] or 0}.{found[3] or 0}")


@lru_cache(maxsize=256)
def keys_of(texts: tuple[str, ...], letters: frozenset[str]) -> tuple[Key, ...]:
    """Return the keys of ``-k`` options; the whole line if there are none."""
    if not texts:
        return (Key(1, FIELD_LIMIT, letters),)
    keys: list[Key] = []
    for text in texts:
        found = KEY.fullmatch(text)
        if found is None:
            raise NotSpoken(f"-k {text}")
        own = frozenset(found[2] + (found[4] or ""))
        keys.append(Key(int(found[1]), int(found[3] or FIELD_LIMIT), own or letters))
    return tuple(keys)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a command line of sort asks for; *plain* if it is whole lines, all of them."""

    words: tuple[str, ...]
    keys: tuple[Key, ...]
    separator: str
    output: str
    reverse: bool
    unique: bool
    stable: bool
    plain: bool


@lru_cache(maxsize=256)
def plan_of(argv: tuple[str, ...]) -> Plan:
    """Return what *argv* asks for. Raises UsageError or NotSpoken."""
    options = SORT.read(argv)
    if options.has("h"):
        raise NotSpoken("-h")
    letters = frozenset(letter for letter in "bfnr" if options.has(letter))
    keys = keys_of(options.values.get("k", ()), letters)
    return Plan(
        words=options.words,
        keys=keys,
        separator=options.get("t"),
        output=options.get("o"),
        reverse="r" in letters,
        unique=options.has("u"),
        stable=options.has("s"),
        plain=keys == (WHOLE,) and not options.has("u"),
    )


@tool("sort", quiet=True)
def sort(call: ToolCall) -> int:
    """Write the sorted lines of the files."""
    plan = plan_of(call.argv)
    texts = read_all(call, plan.words, complaint="cannot read: {name}: {reason}")
    if len(texts) < len(plan.words):
        return 2
    found = [line for _, text in texts for line in lines(text)]
    found = sorted(found) if plan.plain else sorted_lines(found, plan)
    text = "\n".join([*found, ""])
    if plan.output:
        call.node.files.write(call.path(plan.output), encoded(text))
    else:
        call.out(text)
    return 0


def sorted_lines(found: list[str], plan: Plan) -> list[str]:
    """Return the lines in order; equal keys go by the whole line, as a last resort."""
    if not (plan.stable or plan.unique):
        found = sorted(found, reverse=plan.reverse)
    for key in reversed(plan.keys):
        rank = _ranker(key, plan.separator)
        found = sorted(found, key=rank, reverse="r" in key.letters)
    if not plan.unique:
        return found
    rankers = [_ranker(key, plan.separator) for key in plan.keys]
    return [next(group) for _, group in groupby(found, key=lambda line: [r(line) for r in rankers])]


def _ranker(key: Key, separator: str) -> Callable[[str], Rank]:
    return lambda line: key.rank(line, separator)


@tool("uniq", quiet=True)
def uniq(call: ToolCall) -> int:
    """Write each run of equal lines once."""
    options = UNIQ.read(call.argv)
    if len(options.words) > 1:
        raise UsageError(f"extra operand '{options.words[1]}'")
    texts = read_all(call, options.words)
    if not texts:
        return 1
    found = lines(texts[0][1])
    if not options.values:
        call.out("".join(f"{line}\n" for line, _ in groupby(found)))
        return 0
    fold = options.has("i")
    for _, group in groupby(found, key=lambda line: line.upper() if fold else line):
        members = list(group)
        repeated = len(members) > 1
        if (options.has("d") and not repeated) or (options.has("u") and repeated):
            continue
        call.out(f"{len(members):7} {members[0]}\n" if options.has("c") else f"{members[0]}\n")
    return 0

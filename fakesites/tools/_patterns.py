"""Regular expressions of POSIX tools, turned into Python's."""

from __future__ import annotations

import re
from functools import lru_cache

from fakesites.tools import UsageError

CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "lower": "a-z",
    "print": "\\x20-\\x7e",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
SWAPPED = frozenset("(){}|+?")
ESCAPES = {"<": r"\b", ">": r"\b", "w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S", "b": r"\b"}
CACHED = 1024


@lru_cache(maxsize=CACHED)
def compiled(text: str, kind: str, flags: int = 0) -> re.Pattern[str]:
    """Return the pattern *text*, of the *kind* basic, extended or fixed, compiled.

    Raises UsageError for a malformed one.
    """
    if kind == "fixed":
        return re.compile(re.escape(text), flags)
    try:
        return re.compile(translated(text, extended=kind == "extended"), flags | re.ASCII)
    except re.error:
        raise UsageError("Invalid regular expression", code=2) from None


def translated(text: str, *, extended: bool) -> str:
    """Return a POSIX expression, basic or *extended*, as Python writes it."""
    found: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "[":
            piece, at = _bracket(text, at)
            found.append(piece)
            continue
        if letter == "\\" and at + 1 < len(text):
            found.append(_escaped(text[at + 1], extended=extended))
            at += 2
            continue
        found.append(_plain(letter, found, extended=extended))
        at += 1
    return "".join(found)


def _plain(letter: str, found: list[str], *, extended: bool) -> str:
    if extended:
        return letter
    at_start = not found or found in (["^"],) or found[-1] in ("(", "|")
    if letter in SWAPPED or (letter == "*" and at_start):
        return "\\" + letter
    if letter == "^" and not at_start:
        return r"\^"
    return letter


def _escaped(letter: str, *, extended: bool) -> str:
    if letter in SWAPPED and not extended:
        return letter
    if letter in ESCAPES:
        return ESCAPES[letter]
    return "\\" + letter if letter.isdigit() else re.escape(letter)


def _bracket(text: str, begin: int) -> tuple[str, int]:
    """Return the bracket expression that begins at *begin*, and where it ends."""
    at = begin + 1
    negated = text.startswith("^", at)
    at += negated
    found = ["[^" if negated else "["]
    first = at
    while at < len(text) and (text[at] != "]" or at == first):
        known = re.compile(r"\[:(\w+):\]").match(text, at)
        if known is not None and known[1] in CLASSES:
            found.append(CLASSES[known[1]])
            at = known.end()
            continue
        found.append("\\" + text[at] if text[at] in "[]\\&~|" else text[at])
        at += 1
    if at >= len(text):
        raise UsageError("Unmatched [, [^, [:, [., or [=", code=2)
    return "".join([*found, "]"]), at + 1

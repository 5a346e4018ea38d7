"""Patterns of file names: ``*``, ``?`` and brackets, as words and as ``case`` know them.

Read from: POSIX.1-2017 Shell Command Language, 2.13; the bash manual, 3.5.8.1 (with extglob, as
``[[`` has it). Not modelled: ``**``, character classes of other locales than C.
"""

from __future__ import annotations

import os
import posixpath
import re
from functools import lru_cache

from fakesites.files import NodeFiles
from fakesites.shell.syntax import Refused

GLOB = frozenset("*?[")
ESCAPED = {"*": "[*]", "?": "[?]", "[": "[[]", "\\": "\\\\"}
CACHED = 1024
CLASSES = {
    "alnum": "A-Za-z0-9",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "word": "\\w",
    "xdigit": "0-9A-Fa-f",
}
CLASS = re.compile(r"\[:(\w+):\]")
EXTENDED = {"?": "?", "*": "*", "+": "+", "@": ""}


def escape(text: str) -> str:
    """Return *text* as a pattern that matches it and nothing else."""
    return "".join(ESCAPED.get(letter, letter) for letter in text)


@lru_cache(maxsize=CACHED)
def matches(pattern: str, text: str, *, extended: bool = False) -> bool:
    """Tell whether all of *text* is what *pattern* means."""
    found = re.compile(rf"(?:{expression(pattern, extended=extended)})\Z", re.DOTALL).match(text)
    return found is not None


@lru_cache(maxsize=CACHED)
def expression(pattern: str, *, extended: bool = False) -> str:
    """Return the regular expression that means *pattern*."""
    found, position = [], 0
    while position < len(pattern):
        text, position = _piece(pattern, position, extended=extended)
        found.append(text)
    return "".join(found)


def _piece(pattern: str, position: int, *, extended: bool) -> tuple[str, int]:
    letter = pattern[position]
    if extended and letter in "?*+@!" and pattern.startswith("(", position + 1):
        end = _closing(pattern, position + 2)
        if end is not None:
            return _group(letter, pattern[position + 2 : end], extended=extended), end + 1
    if letter == "*":
        return ".*", position + 1
    if letter == "?":
        return ".", position + 1
    if letter == "\\" and position + 1 < len(pattern):
        return re.escape(pattern[position + 1]), position + 2
    if letter == "[":
        end = _bracket_end(pattern, position)
        if end is not None:
            return _bracket(pattern[position + 1 : end]), end + 1
    return re.escape(letter), position + 1


def _closing(pattern: str, begin: int) -> int | None:
    depth = 1
    for position in range(begin, len(pattern)):
        depth += (pattern[position] == "(") - (pattern[position] == ")")
        if not depth:
            return position
    return None


def _group(sign: str, inside: str, *, extended: bool) -> str:
    choices = "|".join(expression(each, extended=extended) for each in inside.split("|"))
    if sign == "!":
        return rf"(?:(?!(?:{choices})\Z).*)"
    return f"(?:{choices}){EXTENDED[sign]}"


def _bracket_end(pattern: str, begin: int) -> int | None:
    position = begin + 1
    if pattern[position : position + 1] in ("!", "^"):
        position += 1
    if pattern[position : position + 1] == "]":
        position += 1
    while position < len(pattern):
        found = CLASS.match(pattern, position)
        if found is not None:
            position = found.end()
        elif pattern[position] == "]":
            return position
        else:
            position += 1
    return None


def _bracket(inside: str) -> str:
    negated = inside[:1] in ("!", "^")
    body = inside[1:] if negated else inside
    letters = CLASS.sub(lambda found: f"\0{found[1]}\0", body)
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", letters)
    filled = re.sub("\0(\\w+)\0", lambda found: CLASSES.get(found[1], ""), escaped)
    return f"[{'^' if negated else ''}{filled}]"


def matching(files: NodeFiles, cwd: str, pattern: str) -> list[str]:
    """Return the names of the node that match a *pattern* of path segments, sorted."""
    if "**" in pattern:
        raise Refused("**")
    begin, rest = ("/", pattern.lstrip("/")) if pattern.startswith("/") else ("", pattern)
    found = [begin]
    for number, segment in enumerate(rest.split("/")):
        last = number == rest.count("/")
        found = [name for prefix in found for name in _step(files, cwd, prefix, segment, last)]
    return sorted(name for name in found if _exists(files, cwd, name))


def _exists(files: NodeFiles, cwd: str, name: str) -> bool:
    try:
        return os.path.lexists(files.real(posixpath.join(cwd, name), follow=False))
    except OSError:
        return False


def _step(files: NodeFiles, cwd: str, prefix: str, segment: str, last: bool) -> list[str]:
    """Return what *segment* matches in the folder *prefix*, with a slash unless it is *last*."""
    end = "" if last else "/"
    if not GLOB.intersection(segment):
        return [f"{prefix}{_unescaped(segment)}{end}"]
    plain = _without_brackets(segment)
    if plain is not None:
        return [f"{prefix}{plain}{end}"]
    return [
        f"{prefix}{name}{end}"
        for name in _listing(files, posixpath.join(cwd, prefix))
        if matches(segment, name) and name.startswith(".") == segment.startswith(".")
    ]


def _without_brackets(segment: str) -> str | None:
    """Return the text of a segment in which every special character was quoted, else None."""
    text = segment
    for letter in sorted(GLOB):
        text = text.replace(f"[{letter}]", "")
    if GLOB.intersection(text):
        return None
    for letter in sorted(GLOB):
        segment = segment.replace(f"[{letter}]", letter)
    return _unescaped(segment)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _listing(files: NodeFiles, folder: str) -> list[str]:
    try:
        return sorted(os.listdir(files.real(folder)))
    except OSError:
        return []  # what cannot be listed matches nothing, and the pattern stands for itself

"""Where in a TOML document each key stands.

tomllib gives values without positions, but a message about a scenario has to name the line.
This scanner walks a document that tomllib has already accepted (or refused: it never raises)
and notes the line of every table, key and array element. It does not judge and it does not
decode values; keys are decoded by tomllib itself.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from typing import Mapping

KeyPath = tuple[str | int, ...]

# Deeper than any scenario, and far from the interpreter's own limit of recursion.
DEPTH_MAX = 60

_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t\r]*")
_QUOTED = r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|' + _QUOTED,
    re.DOTALL,
)
_KEY = re.compile(rf"(?:{_QUOTED}|[^\"'=\]\n#,{{}}])+")
_SCALAR = re.compile(r"[^,\]}#\n]*")


@dataclass(frozen=True, slots=True)
class Lines:
    """The line, counted from 1, of each key path of one document."""

    known: Mapping[KeyPath, int]

    def of(self, path: KeyPath) -> int:
        """Return the line of *path*, or of the nearest table around it that is written down."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.known:
                return self.known[path[:length]]
        return 1


def locate(text: str) -> Lines:
    """Return the lines of every key path in *text*; of an invalid document, what can be found."""
    return Lines(_Scan(text).document())


def dotted(key: str) -> tuple[str, ...]:
    """Return the parts of a dotted TOML key; () if *key* is not one."""
    if not _KEY.fullmatch(key):
        return ()
    try:
        table = tomllib.loads(f"{key.strip()} = 0")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    parts = []
    while isinstance(table, dict) and len(table) == 1:
        part, table = next(iter(table.items()))
        parts.append(part)
    return tuple(parts)


class _Scan:
    """One pass over a document; every step moves on or stops, so it always ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._known: dict[KeyPath, int] = {}
        self._last: dict[KeyPath, int] = {}

    def document(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip(_GAP) < len(self._text):
            start = self._at
            if self._text.startswith("[", start):
                table = self._header()
            else:
                self._pair(table, 0)
            self._at = max(self._at, start + 1)
        return self._known

    def _header(self) -> KeyPath:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the path that the lines below belong to."""
        line, repeated = self._line(), self._text.startswith("[[", self._at)
        self._at += 2 if repeated else 1
        parts = self._key()
        self._at = self._find_line_end()
        path: KeyPath = ()
        for part in parts[:-1]:
            path = self._entered((*path, part), line)
        if not parts:
            return path
        path = (*path, parts[-1])
        if repeated:
            self._last[path] = self._last.get(path, -1) + 1
        self._note(path, line)
        return self._entered(path, line)

    def _entered(self, path: KeyPath, line: int) -> KeyPath:
        """Step into *path*: where it is an array of tables, into its latest element."""
        self._note(path, line)
        if path in self._last:
            path = (*path, self._last[path])
            self._note(path, line)
        return path

    def _pair(self, table: KeyPath, depth: int) -> None:
        """Read ``key = value`` inside *table*."""
        line = self._line()
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, line)
        if self._text.startswith("=", self._skip(_BLANK)):
            self._at += 1
            self._value(path, depth)

    def _value(self, path: KeyPath, depth: int) -> None:
        self._skip(_BLANK)
        string = _STRING.match(self._text, self._at)
        if string is not None:
            self._at = string.end()
        elif depth < DEPTH_MAX and self._text.startswith("[", self._at):
            self._array(path, depth + 1)
        elif depth < DEPTH_MAX and self._text.startswith("{", self._at):
            self._inline_table(path, depth + 1)
        else:
            self._skip(_SCALAR)

    def _array(self, path: KeyPath, depth: int) -> None:
        self._at += 1
        index = 0
        while not self._closed("]"):
            start = self._at
            self._note((*path, index), self._line())
            self._value((*path, index), depth)
            index += 1
            self._separate(start)

    def _inline_table(self, path: KeyPath, depth: int) -> None:
        self._at += 1
        while not self._closed("}"):
            start = self._at
            self._pair(path, depth)
            self._separate(start)

    def _closed(self, bracket: str) -> bool:
        """Tell whether the next thing is *bracket* (and step over it) or the end of the text."""
        self._skip(_GAP)
        if self._text.startswith(bracket, self._at):
            self._at += 1
            return True
        return self._at >= len(self._text)

    def _separate(self, start: int) -> None:
        """Step over a comma; whatever stands there instead, leave *start* behind."""
        if self._text.startswith(",", self._skip(_GAP)):
            self._at += 1
        self._at = max(self._at, start + 1)

    def _key(self) -> tuple[str, ...]:
        match = _KEY.match(self._text, self._skip(_BLANK))
        if match is None:
            return ()
        self._at = match.end()
        return dotted(match[0])

    def _note(self, path: KeyPath, line: int) -> None:
        self._known.setdefault(path, line)

    def _line(self) -> int:
        return bisect_left(self._breaks, self._at) + 1

    def _find_line_end(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at

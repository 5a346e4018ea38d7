"""find: files by name, kind, size and age in virtual time.

Models -name -iname -path -type -mmin -mtime -newer -size -empty -maxdepth -mindepth -print
-print0 -delete, with ! -o -a and parentheses; of -exec only ``grep -Iq . {} ;``, which asks for
text. Refused: every other -exec, -perm, -printf and the rest.
A folder's entries come in sorted order; the real tool takes them as the file system has them.
Read from findutils 4.9: ``-mmin -N`` is true of what changed less than N minutes ago.
"""

from __future__ import annotations

import fnmatch
import posixpath
from dataclasses import dataclass
from typing import Callable
from typing import Iterator

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._entries import Entry
from fakesites.tools._entries import entry
from fakesites.tools._entries import names

MINUTE_S = 60.0
DAY_S = 86_400.0
DEPTH_LIMIT = 100
IS_TEXT = ["grep", "-Iq", ".", "{}", ";"]
HEAD_MAX = 32_768
SIZE_UNITS = {"c": 1, "w": 2, "b": 512, "k": 1024, "M": 1 << 20, "G": 1 << 30}
REFUSED = ("-exec", "-execdir", "-ok", "-perm", "-printf", "-regex", "-prune", "-ls", "-fprint")


@dataclass(frozen=True, slots=True)
class Found:
    """One file on the way: its name as find writes it, and what it is."""

    name: str
    entry: Entry


Test = Callable[[Found], bool]


@tool("find")
def find(call: ToolCall) -> int:
    """Write the files below the given folders for which the expression is true."""
    words = list(call.argv[1:])
    starts: list[str] = []
    while words and words[0] in ("-L", "-H", "-P"):
        words.pop(0)
    while words and not words[0].startswith("-") and words[0] not in ("(", "!"):
        starts.append(words.pop(0))
    call.node.settle()
    expression = _Expression(call, words)
    test = expression.whole()
    failed = False
    for start in starts or ["."]:
        try:
            first = Found(start, entry(call.node.files, call.path(start)))
        except OSError:
            call.err(f"find: ‘{start}’: No such file or directory\n")
            failed = True
            continue
        for each in expression.within(call, first, 0):
            test(each)
    return 1 if failed else 0


class _Expression:
    """A recursive descent over find's words; actions are tests that do something."""

    def __init__(self, call: ToolCall, words: list[str]) -> None:
        self._call = call
        self._words = words
        self._acts = False
        self._depths = [0, DEPTH_LIMIT]
        self._deepest_first = "-delete" in words or "-depth" in words

    def within(self, call: ToolCall, found: Found, depth: int) -> Iterator[Found]:
        """Yield *found* and what is below it, as deep as it was asked for."""
        lowest, highest = self._depths
        wanted = lowest <= depth <= highest
        if wanted and not self._deepest_first:
            yield found
        if found.entry.is_folder and depth < highest:
            for name in names(found.entry.real):
                inner = entry(call.node.files, f"{found.entry.path}/{name}")
                shown = f"{found.name.rstrip('/')}/{name}"
                yield from self.within(call, Found(shown, inner), depth + 1)
        if wanted and self._deepest_first:
            yield found

    def whole(self) -> Test:
        """Return the test that all words make; without an action, what passes is printed."""
        test = self._either() if self._words else _always
        if self._words:
            raise UsageError(f"paths must precede expression: `{self._words[0]}'")
        if self._acts:
            return test
        return lambda found: test(found) and self._print("\n")(found)

    def _either(self) -> Test:
        tests = [self._both()]
        while self._words[:1] in (["-o"], ["-or"]):
            self._words.pop(0)
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda found: any(test(found) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._words and self._words[0] not in ("-o", "-or", ")"):
            if self._words[0] in ("-a", "-and"):
                self._words.pop(0)
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda found: all(test(found) for test in tests)

    def _one(self) -> Test:
        if not self._words:
            raise UsageError("expected an expression")
        word = self._words.pop(0)
        if word in ("!", "-not"):
            inner = self._one()
            return lambda found: not inner(found)
        if word == "(":
            inner = self._either()
            if self._words[:1] != [")"]:
                raise UsageError("invalid expression; expected to find a ')'")
            self._words.pop(0)
            return inner
        return self._primary(word)

    def _primary(self, word: str) -> Test:
        plain = {"-empty": _empty, "-true": _always, "-depth": _always, "-xdev": _always}
        if word in plain:
            return plain[word]
        if word in ("-print", "-print0", "-delete"):
            self._acts = True
            return self._delete if word == "-delete" else self._print("\0" if word[6:] else "\n")
        if word == "-exec" and self._words[: len(IS_TEXT)] == IS_TEXT:
            del self._words[: len(IS_TEXT)]
            self._acts = True
            return _is_text
        if word in REFUSED:
            raise NotSpoken(word)
        if word not in VALUED and word not in ("-maxdepth", "-mindepth", "-newer"):
            raise UsageError(f"unknown predicate `{word}'")
        if not self._words:
            raise UsageError(f"missing argument to `{word}'")
        return self._valued(word, self._words.pop(0))

    def _valued(self, word: str, value: str) -> Test:
        if word in ("-maxdepth", "-mindepth"):
            self._depths[word == "-maxdepth"] = int(value)
            return _always
        if word == "-newer":
            limit = entry(self._call.node.files, self._call.path(value), follow=True).mtime
            return lambda found: found.entry.mtime > limit
        return VALUED[word](value, self._call.node.clock.wall())

    def _delete(self, found: Found) -> bool:
        self._call.node.files.remove(found.entry.path)
        return True

    def _print(self, end: str) -> Test:
        def act(found: Found) -> bool:
            self._call.out(f"{found.name}{end}")
            return True

        return act


def _always(_: Found) -> bool:
    return True


def _is_text(found: Found) -> bool:
    """Tell what ``grep -Iq .`` finds out: a file without zero bytes, with a line that is not empty.

    pilot3@a090538b:pilot/util/filehandling.py, find_text_files().
    """
    if found.entry.kind != "f":
        return False
    with found.entry.real.open("rb") as source:
        head = source.read(HEAD_MAX)
    return b"\0" not in head and bool(head.strip(b"\n"))


def _empty(found: Found) -> bool:
    each = found.entry
    return not names(each.real) if each.is_folder else each.kind == "f" and not each.size


def _name(value: str, _now: float) -> Test:
    return lambda found: fnmatch.fnmatchcase(posixpath.basename(found.name.rstrip("/")), value)


def _any_case(value: str, now: float) -> Test:
    test = _name(value.lower(), now)
    return lambda found: test(Found(found.name.lower(), found.entry))


def _path(value: str, _now: float) -> Test:
    return lambda found: fnmatch.fnmatchcase(found.name, value)


def _type(value: str, _now: float) -> Test:
    return lambda found: found.entry.kind in value.split(",")


def _amount(value: str) -> tuple[str, float]:
    """Return the sign ("", "+", "-") and the number of an argument such as ``-120``."""
    sign = value[0] if value[:1] in ("+", "-") else ""
    try:
        return sign, float(value[len(sign) :])
    except ValueError:
        raise UsageError(f"invalid argument `{value}'") from None


def _minutes(value: str, now: float) -> Test:
    sign, count = _amount(value)
    limit_s = count * MINUTE_S

    def test(found: Found) -> bool:
        age_s = now - found.entry.mtime
        if sign:
            return age_s < limit_s if sign == "-" else age_s > limit_s
        return limit_s - MINUTE_S <= age_s < limit_s

    return test


def _days(value: str, now: float) -> Test:
    sign, count = _amount(value)

    def test(found: Found) -> bool:
        days = (now - found.entry.mtime) // DAY_S
        return days < count if sign == "-" else days > count if sign else days == count

    return test


def _size(value: str, _now: float) -> Test:
    unit = SIZE_UNITS.get(value[-1:], 512)
    sign, count = _amount(value.rstrip("cwbkMG"))

    def test(found: Found) -> bool:
        size = -(-found.entry.size // unit)
        return size < count if sign == "-" else size > count if sign else size == count

    return test


VALUED: dict[str, Callable[[str, float], Test]] = {
    "-iname": _any_case,
    "-mmin": _minutes,
    "-mtime": _days,
    "-name": _name,
    "-path": _path,
    "-size": _size,
    "-type": _type,
}

"""Word expansion: variables, field splitting, file names, quote removal.

Read from: POSIX.1-2017 Shell Command Language, 2.6. Substitutions were run by then: this module
is given their output, and reads no file but to list folders. Not modelled: IFS other than the
default, collation other than C, ``**``.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
from dataclasses import dataclass
from dataclasses import field
from typing import Callable
from typing import Iterator
from typing import Mapping

from fakesites.files import NodeFiles
from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Substitution
from fakesites.shell.syntax import Variable
from fakesites.shell.syntax import Word

GLOB = frozenset("*?[")
BLANKS = " \t\n"


class UnboundError(Exception):
    """A parameter that must be set is not; the text is what bash says of it."""


@dataclass(slots=True)
class Field:
    """One field on its way out: fragments of text, each quoted or not."""

    fragments: list[tuple[str, bool]] = field(default_factory=list)

    def text(self) -> str:
        """Return the field with its quotes removed."""
        return "".join(text for text, _ in self.fragments)

    def pattern(self) -> str | None:
        """Return the field as an fnmatch pattern, or None if it has nothing to match with."""
        if not any(not quoted and GLOB.intersection(text) for text, quoted in self.fragments):
            return None
        return "".join(escape(text) if quoted else text for text, quoted in self.fragments)


@dataclass(slots=True)
class Expander:
    """Expands words with the variables of a shell, its *arguments* and its folder.

    *outputs* are what the substitutions wrote and their status, which *note* is told.
    """

    lookup: Callable[[str], str | None]
    assign: Callable[[str, str], None]
    arguments: tuple[str, ...]
    outputs: Mapping[int, tuple[str, int]]
    note: Callable[[int], None]
    files: NodeFiles
    cwd: str

    def argv(self, words: tuple[Word, ...]) -> tuple[str, ...]:
        """Return the arguments that *words* become."""
        found: list[str] = []
        for word in words:
            if word.plain is not None:
                found.append(word.plain)
            else:
                found.extend(self._names(word))
        return tuple(found)

    def text(self, word: Word) -> str:
        """Return *word* as one text, neither split nor matched: an assignment's value."""
        if word.plain is not None:
            return word.plain
        fragments = (self._value(part) for part in self._with_home(word))
        return "".join(fragments)

    def _names(self, word: Word) -> Iterator[str]:
        for each in self._fields(word):
            pattern = each.pattern()
            matched = [] if pattern is None else matching(self.files, self.cwd, pattern)
            yield from matched or [each.text()]

    def _fields(self, word: Word) -> list[Field]:
        fields: list[Field] = [Field()]
        for part in self._with_home(word):
            if isinstance(part, Variable) and part.name == "@" and part.quoted:
                self._add_arguments(fields)
            elif part.quoted or isinstance(part, Literal):
                fields[-1].fragments.append((self._value(part), part.quoted))
            else:
                _split_into(fields, self._value(part))
        return [each for each in fields if each.fragments]

    def _add_arguments(self, fields: list[Field]) -> None:
        """Add ``"$@"``: each argument becomes a field of its own."""
        for number, argument in enumerate(self.arguments):
            if number:
                fields.append(Field())
            fields[-1].fragments.append((argument, True))

    def _with_home(self, word: Word) -> tuple[Literal | Variable | Substitution, ...]:
        first = word.parts[0] if word.parts else None
        if not isinstance(first, Literal) or first.quoted or not first.text.startswith("~"):
            return word.parts
        if first.text[1:2] not in ("", "/"):
            return word.parts
        home = Literal(self.lookup("HOME") or "~", quoted=True)
        return (home, Literal(first.text[1:], quoted=False), *word.parts[1:])

    def _value(self, part: Literal | Variable | Substitution) -> str:
        if isinstance(part, Literal):
            return part.text
        if isinstance(part, Substitution):
            text, status = self.outputs[id(part)]
            self.note(status)  # a $? that comes after it means this
            return text
        return self._parameter(part)

    def _parameter(self, part: Variable) -> str:
        value = " ".join(self.arguments) if part.name in "@*" else self.lookup(part.name)
        operator = part.operator
        if not operator:
            return value or ""
        if operator == "length":
            return str(len(value or ""))
        if operator in ("#", "##", "%", "%%"):
            return trim(value or "", operator, self._trim_pattern(part))
        return self._default(part, value)

    def _trim_pattern(self, part: Variable) -> str:
        operand = part.operand or Word(())
        return "".join(
            escape(self._value(each)) if each.quoted else self._value(each)
            for each in operand.parts
        )

    def _default(self, part: Variable, value: str | None) -> str:
        unset = not value if part.operator.startswith(":") else value is None
        operand = part.operand or Word((), "")
        kind = part.operator[-1]
        if kind == "+":
            return "" if unset else self.text(operand)
        if not unset:
            return value or ""
        if kind == "?":
            reason = self.text(operand) or "parameter null or not set"
            raise UnboundError(f"{part.name}: {reason}")
        text = self.text(operand)
        if kind == "=":
            self.assign(part.name, text)
        return text


def _split_into(fields: list[Field], value: str) -> None:
    """Split an unquoted expansion at blanks and add what comes out to *fields*."""
    words = value.split()
    if not words:
        if value and fields[-1].fragments:
            fields.append(Field())
        return
    if value[0] in BLANKS and fields[-1].fragments:
        fields.append(Field())
    for number, word in enumerate(words):
        if number:
            fields.append(Field())
        fields[-1].fragments.append((word, False))
    if value[-1] in BLANKS:
        fields.append(Field())


def escape(text: str) -> str:
    """Return *text* as a pattern that matches it and nothing else."""
    return "".join(f"[{letter}]" if letter in GLOB else letter for letter in text)


def trim(value: str, operator: str, pattern: str) -> str:
    """Return *value* without the shortest (# %) or longest (## %%) piece that matches."""
    sizes = range(len(value) + 1)
    if operator[0] == "#":
        hits = [size for size in sizes if fnmatch.fnmatchcase(value[:size], pattern)]
        size = (hits[-1] if operator == "##" else hits[0]) if hits else 0
        return value[size:]
    hits = [size for size in sizes if fnmatch.fnmatchcase(value[size:], pattern)]
    size = (hits[0] if operator == "%%" else hits[-1]) if hits else len(value)
    return value[:size]


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
        return [f"{prefix}{segment}{end}"]
    plain = _without_brackets(segment)
    if plain is not None:
        return [f"{prefix}{plain}{end}"]
    return [
        f"{prefix}{name}{end}"
        for name in _listing(files, posixpath.join(cwd, prefix))
        if fnmatch.fnmatchcase(name, segment) and name.startswith(".") == segment.startswith(".")
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
    return segment


def _listing(files: NodeFiles, folder: str) -> list[str]:
    try:
        return sorted(os.listdir(files.real(folder)))
    except OSError:
        return []  # what cannot be listed matches nothing, and the pattern stands for itself

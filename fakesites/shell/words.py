"""Word expansion: variables, field splitting, file names, quote removal.

Read from: POSIX.1-2017 Shell Command Language, 2.6; the bash manual, 3.5. Substitutions were run
by then: this module is given their output, and reads no file but to list folders. Not modelled:
collation other than C, ``**``.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Callable
from typing import Iterator
from typing import Mapping

from fakesites.files import NodeFiles
from fakesites.shell.arithmetic import compute
from fakesites.shell.parameters import UnboundError
from fakesites.shell.parameters import changed
from fakesites.shell.parameters import sliced
from fakesites.shell.patterns import GLOB
from fakesites.shell.patterns import escape
from fakesites.shell.patterns import matching
from fakesites.shell.syntax import Arithmetic
from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Part
from fakesites.shell.syntax import Substitution
from fakesites.shell.syntax import Variable
from fakesites.shell.syntax import Word
from fakesites.shell.variables import Items

DEFAULT_IFS = " \t\n"
BLANKS = " \t\n"
DEFAULTS = frozenset({":-", ":=", ":?", ":+", "-", "=", "?", "+"})
ALL = ("@", "*")


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

    *items* gives the items of an array by key, *names* the variables that begin with a text.
    *outputs* are what the substitutions wrote and their status, which *note* is told. With
    *strict* a variable that is not set is an error; without *globbing* no file is looked for.
    """

    lookup: Callable[[str], str | None]
    assign: Callable[[str, str], None]
    items: Callable[[str], Items]
    put: Callable[[str, str, str], None]
    names: Callable[[str], list[str]]
    arguments: tuple[str, ...]
    outputs: Mapping[int, tuple[str, int]]
    note: Callable[[int], None]
    files: NodeFiles
    cwd: str
    name: str = ""
    strict: bool = False
    globbing: bool = True

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
        return "".join(self._value(part) for part in self._with_home(word))

    def pattern(self, word: Word) -> str:
        """Return *word* as a pattern: what is quoted in it means itself."""
        parts = self._with_home(word)
        return "".join(
            escape(self._value(each)) if each.quoted else self._value(each) for each in parts
        )

    def regex(self, word: Word) -> str:
        """Return *word* as a regular expression: what is quoted in it means itself."""
        import re

        return "".join(
            re.escape(self._value(each)) if each.quoted else self._value(each)
            for each in word.parts
        )

    def number(self, expression: Word) -> int:
        """Return the value of an arithmetic *expression*. Raises ArithmeticProblem."""
        return compute(self.text(expression), look=self._look, assign=self._set)

    def key(self, index: Word, *, named: bool) -> str:
        """Return the key that *index* means in an array, *named* if its items have names."""
        return self.text(index) if named else str(self.number(index))

    def _look(self, name: str, index: str | None) -> str | None:
        if index is not None:
            return self.items(name).get(index)
        found = self.lookup(name)
        if found is None and self.strict:
            raise UnboundError(f"{name}: unbound variable")
        return found

    def _set(self, name: str, index: str | None, value: str) -> None:
        if index is None:
            self.assign(name, value)
        else:
            self.put(name, index, value)

    # -- fields

    def _names(self, word: Word) -> Iterator[str]:
        for each in self._fields(word.parts):
            pattern = each.pattern() if self.globbing else None
            matched = [] if pattern is None else matching(self.files, self.cwd, pattern)
            yield from matched or [each.text()]

    def _fields(self, parts: tuple[Part, ...]) -> list[Field]:
        fields: list[Field] = [Field()]
        for part in self._with_home(Word(parts)):
            self._add(fields, part)
        return [each for each in fields if each.fragments]

    def _add(self, fields: list[Field], part: Part) -> None:
        """Add what *part* becomes to *fields*: to the last of them, or as new ones."""
        if isinstance(part, Literal):
            fields[-1].fragments.append((part.text, part.quoted))
        elif isinstance(part, Variable) and self._is_many(part):
            self._add_many(fields, self._many(part), quoted=part.quoted)
        elif part.quoted:
            fields[-1].fragments.append((self._value(part), True))
        elif isinstance(part, Variable) and self._is_replaced(part):
            self._add_default(fields, part.operand or Word(()))
        else:
            _split_into(fields, self._value(part), self._ifs())

    def _is_replaced(self, part: Variable) -> bool:
        """Tell whether the operand of *part* takes its place, field by field."""
        return part.operator in (":-", "-", ":+", "+") and self._takes_default(part)

    def _add_default(self, fields: list[Field], operand: Word) -> None:
        for each in self._with_home(operand):
            if isinstance(each, Literal) and not each.quoted:
                _split_into(fields, each.text, self._ifs())
            else:
                self._add(fields, each)

    def _add_many(self, fields: list[Field], values: list[str], *, quoted: bool) -> None:
        """Add ``"$@"`` or ``"${a[@]}"``: each value becomes a field of its own."""
        for number, value in enumerate(values):
            if number:
                fields.append(Field())
            if quoted:
                fields[-1].fragments.append((value, True))
            else:
                _split_into(fields, value, self._ifs())

    def _ifs(self) -> str:
        found = self.lookup("IFS")
        return DEFAULT_IFS if found is None else found

    def _with_home(self, word: Word) -> tuple[Part, ...]:
        first = word.parts[0] if word.parts else None
        if not isinstance(first, Literal) or first.quoted or not first.text.startswith("~"):
            return word.parts
        if first.text[1:2] not in ("", "/"):
            return word.parts
        home = Literal(self.lookup("HOME") or "~", quoted=True)
        return (home, Literal(first.text[1:], quoted=False), *word.parts[1:])

    # -- values

    def _value(self, part: Part) -> str:
        if isinstance(part, Literal):
            return part.text
        if isinstance(part, Substitution):
            text, status = self.outputs[id(part)]
            self.note(status)  # a $? that comes after it means this
            return text
        if isinstance(part, Arithmetic):
            return str(self.number(part.expression))
        if self._is_many(part) or self._is_joined(part):
            separator = self._ifs()[:1] if self._is_joined(part) and part.quoted else " "
            return separator.join(self._many(part))
        return self._parameter(part)

    def _is_many(self, part: Variable) -> bool:
        """Tell whether *part* stands for several fields even when it is quoted."""
        if part.operator == "length":
            return False
        index = None if part.index is None else part.index.plain
        unquoted = not part.quoted and ("*" in (part.name, index) or part.operator == "names")
        return unquoted or "@" in (part.name, index)

    def _is_joined(self, part: Variable) -> bool:
        index = None if part.index is None else _raw(part.index)
        return part.operator != "length" and ("*" in (part.name, index) or part.operator == "names")

    def _many(self, part: Variable) -> list[str]:
        """Return all values that *part* stands for, each changed as its operator says."""
        if part.operator == "names":
            return self.names(part.name)
        if part.operator == "keys":
            return list(self.items(part.name))
        if part.name in ALL:
            values = list(self.arguments)
            named = [self.name, *values]
        else:
            values = named = list(self.items(part.name).values())
        if part.operator == "slice":
            offset = self.number(part.operand or Word(()))
            length = None if part.second is None else self.number(part.second)
            # ${@:0} begins with the name of the script, ${@:1} with the first argument.
            return sliced(named, offset, length)
        if part.operator in DEFAULTS:
            text = self._default(part, " ".join(values) if values else None)
            unset = not values if part.operator[0] != ":" else not "".join(values)
            used = unset if part.operator[-1] != "+" else not unset
            return ([text] if text else []) if used or part.operator[-1] == "+" else values
        return [self._changed(part, each) for each in values]

    def _parameter(self, part: Variable) -> str:
        if part.operator == "length":
            return self._length(part)
        value = self._text_of(part)
        if part.operator == "indirect":
            return (self.lookup(value) if value else "") or ""
        if part.operator in DEFAULTS:
            return self._default(part, value)
        if value is None and self.strict and part.name not in "@*":
            raise UnboundError(f"{_shown(part)}: unbound variable")
        if part.operator == "slice":
            offset = self.number(part.operand or Word(()))
            length = None if part.second is None else self.number(part.second)
            return "".join(sliced(list(value or ""), offset, length))
        return self._changed(part, value or "") if part.operator else value or ""

    def _text_of(self, part: Variable) -> str | None:
        if part.index is None:
            return self.lookup(part.name)
        items = self.items(part.name)
        raw = self.text(part.index)
        # A key that is there is meant; whatever else is a number to be computed.
        if raw in items:
            return items[raw]
        try:
            number = self.number(part.index)
        except Exception:  # noqa: BLE001 - a name that no item has
            return None
        return items.get(str(number if number >= 0 else number + len(items)))

    def _length(self, part: Variable) -> str:
        index = None if part.index is None else _raw(part.index)
        if part.name in ALL:
            return str(len(self.arguments))
        if index in ALL:
            return str(len(self.items(part.name)))
        value = self._text_of(part)
        if value is None and self.strict:
            raise UnboundError(f"{part.name}: unbound variable")
        return str(len(value or ""))

    def _changed(self, part: Variable, value: str) -> str:
        if not part.operator:
            return value
        pattern = "" if part.operand is None else self.pattern(part.operand)
        replacement = "" if part.second is None else self.text(part.second)
        return changed(value, part.operator, pattern, replacement)

    # -- defaults

    def takes_operand(self, part: Variable) -> bool:
        """Tell whether the operand of *part* is looked at, and what is in it must be run."""
        return part.operator not in DEFAULTS or self._takes_default(part)

    def _takes_default(self, part: Variable) -> bool:
        if part.name in ALL:
            value = " ".join(self.arguments) if self.arguments else None
        elif part.index is not None and _raw(part.index) in ALL:
            values = list(self.items(part.name).values())
            value = " ".join(values) if values else None
        else:
            value = self._text_of(part)
        unset = not value if part.operator.startswith(":") else value is None
        return unset != (part.operator[-1] == "+")

    def _default(self, part: Variable, value: str | None) -> str:
        unset = not value if part.operator.startswith(":") else value is None
        operand = part.operand or Word((), "")
        kind = part.operator[-1]
        if kind == "+":
            return "" if unset else self.text(operand)
        if not unset:
            return value or ""
        if kind == "?":
            said = "parameter null or not set" if part.operator == ":?" else "parameter not set"
            raise UnboundError(f"{part.name}: {self.text(operand) or said}")
        text = self.text(operand)
        if kind == "=":
            self.assign(part.name, text)
        return text


def _raw(index: Word) -> str:
    """Return an index as it is written, as far as it can be told without expansion."""
    return "".join(part.text for part in index.parts if isinstance(part, Literal))


def _shown(part: Variable) -> str:
    return part.name if part.index is None else f"{part.name}[{_raw(part.index)}]"


def _split_into(fields: list[Field], value: str, ifs: str) -> None:
    """Split an unquoted expansion by *ifs* and add what comes out to *fields*."""
    if not ifs:
        if value:
            fields[-1].fragments.append((value, False))
        return
    if ifs == DEFAULT_IFS:
        _split_at_blanks(fields, value)
        return
    blanks = "".join(letter for letter in ifs if letter in BLANKS)
    value = value.lstrip(blanks) if blanks and not fields[-1].fragments else value
    pieces = split_at(value, ifs)
    for number, piece in enumerate(pieces):
        if number:
            fields.append(Field())
        if piece or number < len(pieces) - 1:
            fields[-1].fragments.append((piece, False))


def split_at(value: str, ifs: str) -> list[str]:
    """Return the pieces of *value* between separators: blanks of *ifs* in runs, others singly."""
    blanks = "".join(letter for letter in ifs if letter in BLANKS)
    pieces, piece, position = [], "", 0
    while position < len(value):
        letter = value[position]
        if letter not in ifs:
            piece += letter
            position += 1
            continue
        pieces.append(piece)
        piece = ""
        # One separator may have blanks of IFS around it.
        while position < len(value) and value[position] in blanks:
            position += 1
        if position < len(value) and value[position] in ifs:
            position += 1
            while position < len(value) and value[position] in blanks:
                position += 1
    return [*pieces, piece]


def _split_at_blanks(fields: list[Field], value: str) -> None:
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

"""From text to the tokens of the shell: words, operators, line ends, here-documents.

Read from: POSIX.1-2017 Shell Command Language, 2.3 token recognition and 2.7.4 here-documents;
the bash manual, 3.2.5.2 conditional constructs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field

from fakesites.shell.quoting import NAME
from fakesites.shell.quoting import Parse
from fakesites.shell.quoting import Reader
from fakesites.shell.quoting import end_of_expression
from fakesites.shell.syntax import Assignment
from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import SyntaxProblem
from fakesites.shell.syntax import Word

OPERATORS = (
    "&>>",
    "<<<",
    "<<-",
    ";;&",
    "<<",
    ">>",
    "&&",
    "||",
    ";;",
    ";&",
    "&>",
    ">&",
    "<&",
    ">|",
    "<>",
    "|&",
    "<",
    ">",
    "|",
    "&",
    ";",
    "(",
    ")",
)
META = frozenset(" \t\n|&;()<>")
BLANKS = frozenset(" \t\n")
HERE = ("<<", "<<-")
# What begins an assignment to an array, or to one of its items.
ARRAY = re.compile(rf"(?P<name>{NAME.pattern})(?P<append>\+?)=\(")
ITEM = re.compile(rf"(?P<name>{NAME.pattern})\[")
KEYED = re.compile(r"\[[^\]\s]*\]\+?=")
# Words behind which a command begins.
OPENING = frozenset({"!", "do", "elif", "else", "if", "then", "time", "until", "while", "{"})
EMPTY = Script(())


@dataclass(slots=True)
class Here:
    """A here-document whose text comes after the line that asks for it."""

    end: str
    literal: bool
    stripped: bool
    word: Word = field(default_factory=lambda: Word((), ""))


@dataclass(frozen=True, slots=True)
class Token:
    """One token: a *word*, or the *text* of an operator (a line end is an operator too).

    An *assignment* is one to an array; *here* is the here-document that the operator means.
    """

    text: str
    line: int
    word: Word | None = None
    assignment: Assignment | None = None
    here: Here | None = None


class Scanner:
    """Cuts one *text* into tokens; *parse* turns the text of a substitution into a script."""

    def __init__(self, text: str, *, parse: Parse, depth: int = 0) -> None:
        self._reader = Reader(text, parse=parse, close=end_of_substitution, depth=depth)
        self._pending: list[Here] = []
        self._in_brackets = False
        self._wants_pattern = False

    @property
    def position(self) -> int:
        """Where the next token begins, or the blanks before it."""
        return self._reader.position

    def tokens(self) -> list[Token]:
        """Return all tokens. Raises SyntaxProblem or Refused."""
        found: list[Token] = []
        while (token := self.next()) is not None:
            found.append(token)
        return found

    def next(self) -> Token | None:
        """Return the next token, None at the end of the text."""
        if not self._skip_blanks():
            self._read_documents()
            return None
        if self._wants_pattern:
            self._wants_pattern = False
            return self._pattern()
        return self._expression() or self._operator() or self._word_token()

    def _skip_blanks(self) -> bool:
        """Move to the next token; tell whether there is one."""
        reader = self._reader
        while reader.position < len(reader.text):
            if reader.text[reader.position] in " \t":
                reader.position += 1
            elif reader.at("\\\n"):
                reader.position += 2
                reader.line += 1
            elif reader.at("#"):
                end = reader.text.find("\n", reader.position)
                reader.position = len(reader.text) if end < 0 else end
            else:
                return True
        return False

    # -- operators

    def _expression(self) -> Token | None:
        """Return ``((expression))`` as one token, if that is what comes."""
        reader = self._reader
        end = end_of_expression(reader.text, reader.position + 2) if reader.at("((") else None
        if end is None:
            return None
        inside = reader.text[reader.position + 2 : end - 2]
        line = reader.line
        reader.position = end
        reader.line += inside.count("\n")
        return Token(f"(({inside}))", line, Word((Literal(inside, quoted=False),)))

    def _operator(self) -> Token | None:
        reader = self._reader
        if reader.at("\n"):
            reader.position += 1
            reader.line += 1
            self._read_documents()
            return Token("\n", reader.line - 1)
        digits = re.compile(r"[0-9]+(?=[<>])").match(reader.text, reader.position)
        begin = digits.end() if digits else reader.position
        for operator in OPERATORS:
            if reader.text.startswith(operator, begin):
                return self._operator_token(operator, begin)
        return None

    def _operator_token(self, operator: str, begin: int) -> Token:
        reader = self._reader
        end = begin + len(operator)
        if operator in "<>" and reader.text.startswith("(", end) and not self._in_brackets:
            raise Refused("process substitution")
        text = reader.text[reader.position : end]
        reader.position = end
        if operator not in HERE:
            return Token(text, reader.line)
        return Token(text, reader.line, here=self._here(operator))

    def _here(self, operator: str) -> Here:
        """Read the word that ends a here-document; its text is read when its line has ended."""
        self._skip_blanks()
        word = self._reader.word(META)
        end = "".join(part.text for part in word.parts if isinstance(part, Literal))
        literal = any(part.quoted for part in word.parts)
        here = Here(end, literal, stripped=operator == "<<-")
        self._pending.append(here)
        return here

    def _read_documents(self) -> None:
        pending, self._pending = self._pending, []
        for here in pending:
            text = self._document(here)
            inner = Reader(
                text,
                parse=self._reader.parse,
                close=end_of_substitution,
                depth=self._reader.depth + 1,
            )
            literal = Word((Literal(text, quoted=True),), text)
            here.word = literal if here.literal else inner.quoted()

    def _document(self, here: Here) -> str:
        reader, lines = self._reader, []
        while reader.position < len(reader.text):
            end = reader.text.find("\n", reader.position)
            end = len(reader.text) if end < 0 else end
            line = reader.text[reader.position : end]
            reader.position = min(end + 1, len(reader.text))
            reader.line += 1
            line = line.lstrip("\t") if here.stripped else line
            if line == here.end:
                break
            lines.append(f"{line}\n")
        return "".join(lines)

    # -- words

    def _word_token(self) -> Token:
        reader = self._reader
        line, begin = reader.line, reader.position
        assignment = self._array() or self._item()
        if assignment is not None:
            return Token(reader.text[begin : reader.position], line, assignment=assignment)
        word = reader.word(META)
        while self._in_brackets and reader.at("(") and reader.text[reader.position - 1] in "?*+@!":
            word = Word((*word.parts, *self._choices().parts))
        text = reader.text[begin : reader.position]
        self._in_brackets = (self._in_brackets or text == "[[") and text != "]]"
        self._wants_pattern = self._in_brackets and text == "=~"
        return Token(text, line, word)

    def _choices(self) -> Word:
        """Read the parentheses of an extended pattern, and what follows them."""
        reader = self._reader
        end = reader.text.find(")", reader.position)
        if end < 0:
            raise SyntaxProblem("unexpected EOF while looking for matching `)'")
        inside = Literal(reader.text[reader.position : end + 1], quoted=False)
        reader.position = end + 1
        return Word((inside, *reader.word(META).parts))

    def _pattern(self) -> Token:
        """Read the regular expression behind ``=~``: its parentheses and bars are its own."""
        reader = self._reader
        line, begin = reader.line, reader.position
        depth = 0
        stops = BLANKS | frozenset("()")
        parts: list[Word] = []
        while True:
            parts.append(reader.word(stops if not depth else frozenset("()")))
            if not (reader.at("(") or reader.at(")")) or (reader.at(")") and not depth):
                break
            depth += 1 if reader.at("(") else -1
            parts.append(Word((Literal(reader.text[reader.position], quoted=False),)))
            reader.position += 1
        joined = tuple(part for word in parts for part in word.parts)
        return Token(reader.text[begin : reader.position], line, Word(joined))

    def _array(self) -> Assignment | None:
        reader = self._reader
        found = ARRAY.match(reader.text, reader.position)
        if found is None:
            return None
        reader.position = found.end()
        items: list[Assignment | Word] = []
        while self._skip_lines() and not reader.at(")"):
            items.append(self._element())
        if not reader.at(")"):
            raise SyntaxProblem("unexpected EOF while looking for matching `)'")
        reader.position += 1
        empty = Word((), "")
        return Assignment(found["name"], empty, bool(found["append"]), items=tuple(items))

    def _skip_lines(self) -> bool:
        while self._skip_blanks():
            if not self._reader.at("\n"):
                return True
            self._reader.position += 1
            self._reader.line += 1
        return False

    def _element(self) -> Assignment | Word:
        reader = self._reader
        if KEYED.match(reader.text, reader.position):
            return self._keyed("")
        if reader.text[reader.position] in META:
            character = reader.text[reader.position]
            raise SyntaxProblem(f"syntax error near unexpected token `{character}'")
        return reader.word(META)

    def _item(self) -> Assignment | None:
        """Read ``name[index]=value``, if that is what comes."""
        reader = self._reader
        found = ITEM.match(reader.text, reader.position)
        if found is None:
            return None
        begin, line = reader.position, reader.line
        reader.position = found.end() - 1
        try:
            return self._keyed(found["name"])
        except SyntaxProblem:
            reader.position, reader.line = begin, line
            return None

    def _keyed(self, name: str) -> Assignment:
        reader = self._reader
        reader.position += 1
        index = reader.word(frozenset("]"))
        reader.position += 1
        append = reader.at("+=")
        if not append and not reader.at("="):
            raise SyntaxProblem("no assignment")
        reader.position += 2 if append else 1
        return Assignment(name, reader.word(META), append, index)


def end_of_substitution(text: str, begin: int, depth: int) -> int:
    """Return the position behind the parenthesis that closes what begins at *begin*.

    Raises SyntaxProblem if there is none.
    """
    scanner = Scanner(text[begin:], parse=_unparsed, depth=depth)
    opened, cases, begins = 1, 0, True
    while (token := scanner.next()) is not None:
        cases += (token.text == "case" and begins) - (token.text == "esac" and cases > 0)
        begins = token.word is None or token.text in OPENING
        if token.word is None:
            # The parenthesis behind a pattern of ``case`` closes nothing.
            is_pattern = token.text == ")" and opened == 1 and cases > 0
            opened += (token.text == "(") - (token.text == ")" and not is_pattern)
        if not opened:
            return begin + scanner.position
    raise SyntaxProblem("unexpected EOF while looking for matching `)'")


def _unparsed(_text: str, _depth: int) -> Script:
    return EMPTY  # what is skipped is parsed later

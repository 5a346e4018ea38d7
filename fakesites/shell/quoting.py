"""Words of the shell as they are written: quotes, escapes, and all that begins with a dollar sign.

Read from: POSIX.1-2017 Shell Command Language, 2.2 and 2.6; the bash manual, 3.1.2 and 3.5.3; and
what bash 5.2 says of an unfinished word.
"""

from __future__ import annotations

import re
from typing import Callable

from fakesites.shell.syntax import Arithmetic
from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Part
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import Substitution
from fakesites.shell.syntax import SyntaxProblem
from fakesites.shell.syntax import Variable
from fakesites.shell.syntax import Word

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]|[?$!#@*-]")
BRACED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?$!#@*-]")
NAMES = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)[*@]\}")
DEFAULTS = (":-", ":+", ":=", ":?", "-", "+", "=", "?")
TRIMS = ("##", "#", "%%", "%")
CASES = ("^^", "^", ",,", ",")
REPLACEMENTS = ("//", "/#", "/%", "/")
GLOB = frozenset("*?[")
STOPS = frozenset("'\"\\$`")
ESCAPE = re.compile(
    r"\\(?:([abeEfnrtv\\'\"?])|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|([0-7]{1,3}))"
)
ESCAPES = dict(zip("abeEfnrtv", "\a\b\x1b\x1b\f\n\r\t\v", strict=True))
DEPTH_LIMIT = 20

Parse = Callable[[str, int], Script]
# Where the substitution ends that begins at a position of a text.
Close = Callable[[str, int, int], int]


def as_word(parts: list[Part]) -> Word:
    """Return the word of these *parts*; it is plain if none of them needs to be expanded."""
    texts: list[str] = []
    for part in parts:
        if not isinstance(part, Literal) or (not part.quoted and not GLOB.isdisjoint(part.text)):
            return Word(tuple(parts))
        texts.append(part.text)
    first = parts[0] if parts else None
    if isinstance(first, Literal) and not first.quoted and first.text.startswith("~"):
        return Word(tuple(parts))
    return Word(tuple(parts), "".join(texts))


class Reader:
    """A place in a *text*, from which words are read; *line* is the line of that place."""

    def __init__(self, text: str, *, parse: Parse, close: Close, depth: int = 0) -> None:
        if depth > DEPTH_LIMIT:
            raise Refused(f"substitutions nested deeper than {DEPTH_LIMIT}")
        self.text = text
        self.position = 0
        self.line = 1
        self.depth = depth
        self.parse = parse
        self.close = close

    def at(self, text: str) -> bool:
        """Tell whether *text* comes next."""
        return self.text.startswith(text, self.position)

    def word(self, stops: frozenset[str]) -> Word:
        """Read one word up to a character of *stops* that is not quoted."""
        parts: list[Part] = []
        while self.position < len(self.text) and self.text[self.position] not in stops:
            self._part(parts, stops)
        return as_word(parts)

    def quoted(self) -> Word:
        """Read all of the text as within double quotes, which themselves mean nothing in it."""
        parts: list[Part] = [Literal("", quoted=True)]
        while self.position < len(self.text):
            begin = self.position
            self._run_to(frozenset("\\$`"))
            self._literal(parts, begin, self.position, quoted=True)
            if self.position < len(self.text):
                self._special(parts, escaped="\\$`")
        return as_word(parts)

    # -- quotes

    def _part(self, parts: list[Part], stops: frozenset[str]) -> None:
        character = self.text[self.position]
        if character == "'":
            end = self._find("'", self.position + 1)
            self._literal(parts, self.position + 1, end, quoted=True)
            self.position = end + 1
        elif character == '"':
            self.position += 1
            self._double_quoted(parts)
        elif character == "\\":
            self._escape(parts)
        elif character in "$`":
            self._dollar(parts, quoted=False)
        else:
            begin = self.position
            self._run_to(stops | STOPS)
            self._literal(parts, begin, self.position, quoted=False)

    def _run_to(self, stops: frozenset[str]) -> None:
        while self.position < len(self.text) and self.text[self.position] not in stops:
            self.position += 1

    def _literal(self, parts: list[Part], begin: int, end: int, *, quoted: bool) -> None:
        text = self.text[begin:end]
        self.line += text.count("\n")
        parts.append(Literal(text, quoted))

    def _escape(self, parts: list[Part]) -> None:
        following = self.text[self.position + 1 : self.position + 2]
        self.position += 2
        if following == "\n":
            self.line += 1
        else:
            parts.append(Literal(following or "\\", quoted=True))

    def _double_quoted(self, parts: list[Part]) -> None:
        parts.append(Literal("", quoted=True))
        while True:
            begin = self.position
            self._run_to(frozenset('"\\$`'))
            if self.position >= len(self.text):
                raise SyntaxProblem("unexpected EOF while looking for matching `\"'")
            self._literal(parts, begin, self.position, quoted=True)
            if self.text[self.position] == '"':
                self.position += 1
                return
            self._special(parts, escaped='"\\$`')

    def _special(self, parts: list[Part], *, escaped: str) -> None:
        """Read a backslash, a dollar sign or a backtick where text is quoted."""
        if self.text[self.position] != "\\":
            self._dollar(parts, quoted=True)
            return
        following = self.text[self.position + 1 : self.position + 2]
        self.position += 2
        if following == "\n":
            self.line += 1
        elif following and following in escaped:
            parts.append(Literal(following, quoted=True))
        else:
            parts.append(Literal("\\" + following, quoted=True))

    # -- dollar signs

    def _dollar(self, parts: list[Part], *, quoted: bool) -> None:
        """Read what begins with a dollar sign or a backtick."""
        if self.text[self.position] == "`":
            parts.append(self._backticks(quoted=quoted))
        elif self.at("$(("):
            parts.append(self._arithmetic(quoted=quoted))
        elif self.at("$("):
            parts.append(self._command(quoted=quoted))
        elif self.at("${"):
            parts.append(self._braced(quoted=quoted))
        elif not quoted and self.at("$'"):
            self._escaped_text(parts)
        elif not quoted and self.at('$"'):
            self.position += 1
        else:
            self._parameter(parts, quoted=quoted)

    def _parameter(self, parts: list[Part], *, quoted: bool) -> None:
        found = PARAMETER.match(self.text, self.position + 1)
        if found is not None:
            self.position = found.end()
            parts.append(Variable(found[0], quoted))
        else:
            self.position += 1
            parts.append(Literal("$", quoted))

    def _escaped_text(self, parts: list[Part]) -> None:
        """Read ``$'…'``, in which a backslash means what it does in C."""
        end = self.position + 2
        while end < len(self.text) and self.text[end] != "'":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise SyntaxProblem("unexpected EOF while looking for matching `''")
        inside = self.text[self.position + 2 : end]
        self.line += inside.count("\n")
        self.position = end + 1
        parts.append(Literal(ESCAPE.sub(_unescaped, inside), quoted=True))

    def _backticks(self, *, quoted: bool) -> Substitution:
        begin = self.position + 1
        end = begin
        while end < len(self.text) and self.text[end] != "`":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise SyntaxProblem("unexpected EOF while looking for matching ``'")
        self.position = end + 1
        # Within double quotes, a backslash in front of one is for them, not for the command.
        escaped = r'\\([$`\\"])' if quoted else r"\\([$`\\])"
        inside = re.sub(escaped, r"\1", self.text[begin:end])
        return Substitution(self.parse(inside, self.depth + 1), quoted)

    def _command(self, *, quoted: bool) -> Substitution:
        begin = self.position + 2
        end = self.close(self.text, begin, self.depth + 1)
        inside = self.text[begin : end - 1]
        self.position = end
        self.line += inside.count("\n")
        return Substitution(self.parse(inside, self.depth + 1), quoted)

    def _arithmetic(self, *, quoted: bool) -> Arithmetic | Substitution:
        end = end_of_expression(self.text, self.position + 3)
        if end is None:
            return self._command(quoted=quoted)  # a subshell within a substitution
        inside = self.text[self.position + 3 : end - 2]
        self.position = end
        self.line += inside.count("\n")
        return Arithmetic(self.expression(inside), quoted)

    def expression(self, text: str) -> Word:
        """Return the arithmetic expression *text* as a word."""
        return self._inner(text.replace('"', "")).quoted()

    def _inner(self, text: str) -> Reader:
        return Reader(text, parse=self.parse, close=self.close, depth=self.depth + 1)

    # -- braces

    def _braced(self, *, quoted: bool) -> Variable:
        self.position += 2
        if self.at("#") and not self.at("#}"):
            return self._length(quoted=quoted)
        if self.at("!") and not self.at("!}"):
            return self._indirect(quoted=quoted)
        name = self._braced_name()
        index = self._index()
        operator = self._operator()
        operand, second = self._operands(operator, quoted=quoted)
        self._expect_brace()
        return Variable(name, quoted, operator, operand, second, index)

    def _braced_name(self) -> str:
        found = BRACED.match(self.text, self.position)
        if found is None:
            raise Refused("this form of ${…}")
        self.position = found.end()
        return found[0]

    def _length(self, *, quoted: bool) -> Variable:
        self.position += 1
        name, index = self._braced_name(), self._index()
        self._expect_brace()
        return Variable(name, quoted, "length", index=index)

    def _indirect(self, *, quoted: bool) -> Variable:
        self.position += 1
        names = NAMES.match(self.text, self.position)
        if names is not None:
            self.position = names.end()
            return Variable(names[1], quoted, "names")
        name, index = self._braced_name(), self._index()
        self._expect_brace()
        return Variable(name, quoted, "indirect" if index is None else "keys", index=index)

    def _index(self) -> Word | None:
        if not self.at("["):
            return None
        self.position += 1
        index = self.word(frozenset("]"))
        if not self.at("]"):
            raise SyntaxProblem("unexpected EOF while looking for matching `]'")
        self.position += 1
        return index

    def _operator(self) -> str:
        for each in (*DEFAULTS, *TRIMS, *CASES, *REPLACEMENTS):
            if self.at(each):
                self.position += len(each)
                return each
        if self.at(":"):
            self.position += 1
            return "slice"
        return ""

    def _operands(self, operator: str, *, quoted: bool) -> tuple[Word | None, Word | None]:
        if operator in DEFAULTS:
            return (self._default() if quoted else self.word(frozenset("}"))), None
        if operator in REPLACEMENTS:
            pattern = self.word(frozenset("/}"))
            if not self.at("/"):
                return pattern, None
            self.position += 1
            return pattern, self.word(frozenset("}"))
        if operator == "slice":
            offset = self.word(frozenset(":}"))
            if not self.at(":"):
                return offset, None
            self.position += 1
            return offset, self.word(frozenset("}"))
        return (self.word(frozenset("}")) if operator else None), None

    def _default(self) -> Word:
        """Read a default within double quotes, where single quotes are letters."""
        parts: list[Part] = [Literal("", quoted=True)]
        while self.position < len(self.text) and not self.at("}"):
            begin = self.position
            self._run_to(frozenset('"\\$`}'))
            self._literal(parts, begin, self.position, quoted=True)
            if self.at('"'):
                self.position += 1
            elif self.position < len(self.text) and not self.at("}"):
                self._special(parts, escaped='"\\$`}')
        return as_word(parts)

    def _expect_brace(self) -> None:
        if self.position >= len(self.text):
            raise SyntaxProblem("unexpected EOF while looking for matching `}'")
        if not self.at("}"):
            raise Refused("this form of ${…}")
        self.position += 1

    def _find(self, quote: str, begin: int) -> int:
        end = self.text.find(quote, begin)
        if end < 0:
            raise SyntaxProblem(f"unexpected EOF while looking for matching `{quote}'")
        return end


def end_of_expression(text: str, begin: int) -> int | None:
    """Return the position behind the ``))`` that closes an expression, None if it is none."""
    depth = 0
    for position in range(begin, len(text)):
        if text[position] == "(":
            depth += 1
        elif text[position] == ")" and depth:
            depth -= 1
        elif text[position] == ")":
            return position + 2 if text.startswith("))", position) else None
    return None


def _unescaped(found: re.Match[str]) -> str:
    simple, hexadecimal, code, octal = found.groups()
    if simple is not None:
        return ESCAPES.get(simple, simple)
    return chr(int(hexadecimal or code or octal, 16 if octal is None else 8))

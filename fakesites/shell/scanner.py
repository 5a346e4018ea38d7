"""From text to the tokens of the shell: words with their quotes, operators, line ends.

Read from: POSIX.1-2017 Shell Command Language, 2.2 quoting and 2.3 token recognition, and what
bash 5.2 says of an unfinished line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable

from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Part
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import Substitution
from fakesites.shell.syntax import SyntaxProblem
from fakesites.shell.syntax import Variable
from fakesites.shell.syntax import Word

OPERATORS = (
    "&>>",
    "<<<",
    "<<",
    ">>",
    "&&",
    "||",
    ";;",
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
REFUSED_OPERATORS = {
    "<<": "here-document",
    "<<<": "here-string",
    "<>": "read-write redirection",
    ";;": "case",
}
META = frozenset(" \t\n|&;()<>")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]|[?$!#@*-]")
BRACED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?$!#@*-]")
EXPANSIONS = (":-", ":+", ":=", ":?", "##", "%%", "-", "+", "=", "#", "%")
BRACE_EXPANSION = re.compile(r"\{[^{}\s]*(,|\.\.)[^{}\s]*\}")
DEPTH_LIMIT = 20

Parse = Callable[[str, int], Script]


@dataclass(frozen=True, slots=True)
class Token:
    """One token: a *word*, or the *text* of an operator (a line end is an operator too)."""

    text: str
    line: int
    word: Word | None = None


class Scanner:
    """Cuts one *text* into tokens; *parse* turns the text of a substitution into a script."""

    def __init__(self, text: str, *, parse: Parse, depth: int = 0) -> None:
        if depth > DEPTH_LIMIT:
            raise Refused(f"substitutions nested deeper than {DEPTH_LIMIT}")
        self.text = text
        self.position = 0
        self.line = 1
        self._parse = parse
        self._depth = depth

    def tokens(self) -> list[Token]:
        """Return all tokens. Raises SyntaxProblem or Refused."""
        found: list[Token] = []
        while self._skip_blanks():
            found.append(self._operator() or self._word_token())
        return found

    def _skip_blanks(self) -> bool:
        """Move to the next token; tell whether there is one."""
        while self.position < len(self.text):
            if self.text[self.position] in " \t":
                self.position += 1
            elif self.text.startswith("\\\n", self.position):
                self.position += 2
                self.line += 1
            elif self.text[self.position] == "#":
                end = self.text.find("\n", self.position)
                self.position = len(self.text) if end < 0 else end
            else:
                return True
        return False

    def _operator(self) -> Token | None:
        if self.text[self.position] == "\n":
            self.position += 1
            self.line += 1
            return Token("\n", self.line - 1)
        digits = re.compile(r"[0-9]+(?=[<>])").match(self.text, self.position)
        begin = digits.end() if digits else self.position
        for operator in OPERATORS:
            if self.text.startswith(operator, begin):
                return self._operator_token(operator, begin)
        return None

    def _operator_token(self, operator: str, begin: int) -> Token:
        why = REFUSED_OPERATORS.get(operator)
        if operator in "<>" and self.text.startswith("(", begin + 1):
            why = "process substitution"
        if why is not None:
            raise Refused(why)
        text = self.text[self.position : begin] + operator
        self.position = begin + len(operator)
        return Token(text, self.line)

    def _word_token(self) -> Token:
        line, begin = self.line, self.position
        word = self.word(META)
        return Token(self.text[begin : self.position], line, word)

    def word(self, stops: frozenset[str]) -> Word:
        """Read one word up to a character of *stops* that is not quoted."""
        parts: list[Part] = []
        while self.position < len(self.text) and self.text[self.position] not in stops:
            self._part(parts, stops)
        return as_word(parts)

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
            self._run_to(stops | frozenset("'\"\\$`"))
            self._literal(parts, begin, self.position, quoted=False)

    def _run_to(self, stops: frozenset[str]) -> None:
        while self.position < len(self.text) and self.text[self.position] not in stops:
            self.position += 1

    def _literal(self, parts: list[Part], begin: int, end: int, *, quoted: bool) -> None:
        text = self.text[begin:end]
        self.line += text.count("\n")
        if not quoted and BRACE_EXPANSION.search(text):
            raise Refused("brace expansion")
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
            character = self.text[self.position]
            if character == '"':
                self.position += 1
                return
            if character == "\\":
                self._quoted_escape(parts)
            else:
                self._dollar(parts, quoted=True)

    def _quoted_escape(self, parts: list[Part]) -> None:
        following = self.text[self.position + 1 : self.position + 2]
        self.position += 2
        if following == "\n":
            self.line += 1
        elif following and following in '"\\$`':
            parts.append(Literal(following, quoted=True))
        else:
            parts.append(Literal("\\" + following, quoted=True))

    def _dollar(self, parts: list[Part], *, quoted: bool) -> None:
        """Read what begins with a dollar sign or a backtick."""
        if self.text[self.position] == "`":
            parts.append(self._backticks(quoted=quoted))
        elif self.text.startswith("$((", self.position):
            raise Refused("arithmetic expansion")
        elif self.text.startswith("$(", self.position):
            parts.append(self._command(quoted=quoted))
        elif self.text.startswith("${", self.position):
            parts.append(self._braced(quoted=quoted))
        else:
            self._parameter(parts, quoted=quoted)

    def _parameter(self, parts: list[Part], *, quoted: bool) -> None:
        found = PARAMETER.match(self.text, self.position + 1)
        if found is not None:
            self.position = found.end()
            parts.append(Variable(found[0], quoted))
        elif not quoted and self.text.startswith(("$'", '$"'), self.position):
            raise Refused("$'…' quoting")
        else:
            self.position += 1
            parts.append(Literal("$", quoted))

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
        return Substitution(self._parse(inside, self._depth + 1), quoted)

    def _command(self, *, quoted: bool) -> Substitution:
        begin = self.position + 2
        inner = Scanner(self.text[begin:], parse=self._parse, depth=self._depth + 1)
        inner.skip_to_parenthesis()
        inside = self.text[begin : begin + inner.position - 1]
        self.position = begin + inner.position
        self.line += inside.count("\n")
        return Substitution(self._parse(inside, self._depth + 1), quoted)

    def skip_to_parenthesis(self) -> None:
        """Move behind the parenthesis that closes the substitution this text begins in."""
        open_count = 1
        while self._skip_blanks():
            token = self._operator() or self._word_token()
            if token.word is None:
                open_count += (token.text == "(") - (token.text == ")")
            if not open_count:
                return
        raise SyntaxProblem("unexpected EOF while looking for matching `)'")

    def _braced(self, *, quoted: bool) -> Variable:
        begin = self.position + 2
        length = self.text.startswith("#", begin) and not self.text.startswith("#}", begin)
        found = BRACED.match(self.text, begin + length)
        if found is None:
            raise Refused("this form of ${…}")
        self.position = found.end()
        if length:
            self._expect_brace()
            return Variable(found[0], quoted, "length")
        operator = next((each for each in EXPANSIONS if self._at(each)), "")
        self.position += len(operator)
        operand = self.word(frozenset("}")) if operator else None
        self._expect_brace()
        return Variable(found[0], quoted, operator, operand)

    def _at(self, text: str) -> bool:
        return self.text.startswith(text, self.position)

    def _expect_brace(self) -> None:
        if self.position >= len(self.text):
            raise SyntaxProblem("unexpected EOF while looking for matching `}'")
        if not self._at("}"):
            raise Refused("this form of ${…}")
        self.position += 1

    def _find(self, quote: str, begin: int) -> int:
        end = self.text.find(quote, begin)
        if end < 0:
            raise SyntaxProblem(f"unexpected EOF while looking for matching `{quote}'")
        return end


GLOB = frozenset("*?[")


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

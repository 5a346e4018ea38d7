"""From tokens to a script: a recursive descent over the shell's grammar.

Read from: POSIX.1-2017 Shell Command Language, 2.10, and bash 5.2's messages.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fakesites.shell.scanner import NAME
from fakesites.shell.scanner import Scanner
from fakesites.shell.scanner import Token
from fakesites.shell.scanner import as_word
from fakesites.shell.syntax import Branch
from fakesites.shell.syntax import Chain
from fakesites.shell.syntax import Compound
from fakesites.shell.syntax import Group
from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Loop
from fakesites.shell.syntax import Pipeline
from fakesites.shell.syntax import Redirect
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import Simple
from fakesites.shell.syntax import SyntaxProblem
from fakesites.shell.syntax import Word

CACHED_LINES = 4096
NOT_SPOKEN = frozenset(
    {"case", "coproc", "declare", "function", "select", "time", "until", "while", "[["}
)
CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "}", "esac", "in"})
ASSIGNMENT = re.compile(rf"({NAME.pattern})(\+?)=")
REDIRECT = re.compile(r"([0-9]*)(&>>|&>|>>|>\||>&|<&|>|<)")
REDIRECTING = frozenset("<>")


@lru_cache(maxsize=CACHED_LINES)
def parse(text: str, depth: int = 0) -> Script:
    """Return the script that *text* is. Raises SyntaxProblem or Refused."""
    return _Parser(Scanner(text, parse=parse, depth=depth).tokens()).whole()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    # -- tokens

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _is(self, *texts: str) -> bool:
        """Tell whether the next token is one of these operators or reserved words."""
        token = self._peek()
        return token is not None and token.text in texts

    def _take(self) -> Token:
        token = self._peek()
        if token is None:
            raise SyntaxProblem("syntax error: unexpected end of file")
        self._at += 1
        return token

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self._unexpected()
        self._at += 1

    def _unexpected(self) -> SyntaxProblem:
        token = self._peek()
        if token is None:
            return SyntaxProblem("syntax error: unexpected end of file")
        text = "newline" if token.text == "\n" else token.text
        return SyntaxProblem(f"syntax error near unexpected token `{text}'")

    def _skip_lines(self) -> None:
        while self._is("\n"):
            self._at += 1

    # -- grammar

    def whole(self) -> Script:
        script = self._script(frozenset())
        if self._peek() is not None:
            raise self._unexpected()
        return script

    def _script(self, ends: frozenset[str]) -> Script:
        chains: list[Chain] = []
        self._skip_lines()
        while self._peek() is not None and not self._is(")", *ends):
            chains.append(self._chain())
            if not self._is("\n", ";", "&"):
                break
            self._at += 1
            self._skip_lines()
        return Script(tuple(chains))

    def _chain(self) -> Chain:
        links = [("", self._pipeline())]
        while self._is("&&", "||"):
            operator = self._take().text
            self._skip_lines()
            links.append((operator, self._pipeline()))
        return Chain(tuple(links), self._is("&"))

    def _pipeline(self) -> Pipeline:
        negated = self._is("!")
        self._at += negated
        commands = [self._command()]
        while self._is("|", "|&"):
            if self._take().text == "|&":
                raise Refused("|&")
            self._skip_lines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    def _command(self) -> Compound:
        token = self._peek()
        if token is None:
            raise self._unexpected()
        if token.word is None and token.text == "(":
            return self._group(")", subshell=True)
        if token.text == "{":
            return self._group("}", subshell=False)
        if token.text == "if":
            return self._branch()
        if token.text == "for":
            return self._loop()
        if token.text in NOT_SPOKEN:
            raise Refused(token.text)
        if token.text in CLOSING:
            raise self._unexpected()
        return self._simple()

    def _group(self, end: str, *, subshell: bool) -> Group:
        self._at += 1
        script = self._script(frozenset({end}))
        if not script.chains:
            raise self._unexpected()
        self._expect(end)
        return Group(script, subshell, self._redirects())

    def _branch(self) -> Branch:
        cases: list[tuple[Script, Script]] = []
        while self._is("if", "elif"):
            self._at += 1
            condition = self._body("then")
            self._expect("then")
            cases.append((condition, self._body("elif", "else", "fi")))
        otherwise = None
        if self._is("else"):
            self._at += 1
            otherwise = self._body("fi")
        self._expect("fi")
        return Branch(tuple(cases), otherwise, self._redirects())

    def _loop(self) -> Loop:
        self._at += 1
        name = self._take().text
        self._skip_lines()
        words: list[Word] = []
        self._expect("in")
        while not self._is(";", "\n"):
            words.append(self._word())
        self._at += 1
        self._skip_lines()
        self._expect("do")
        script = self._body("done")
        self._expect("done")
        return Loop(name, tuple(words), script, self._redirects())

    def _body(self, *ends: str) -> Script:
        script = self._script(frozenset(ends))
        if not script.chains:
            raise self._unexpected()
        return script

    def _word(self) -> Word:
        token = self._take()
        if token.word is None:
            self._at -= 1
            raise self._unexpected()
        return token.word

    def _redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        while self._at_redirect():
            found.append(self._redirect())
        return tuple(found)

    def _at_redirect(self) -> bool:
        token = self._peek()
        return token is not None and token.word is None and not REDIRECTING.isdisjoint(token.text)

    def _redirect(self) -> Redirect:
        token = self._take()
        found = REDIRECT.fullmatch(token.text)
        if found is None:
            raise Refused(f"the redirection {token.text}")
        operator = found[2].replace(">|", ">")
        descriptor = int(found[1] or (0 if operator.startswith("<") else 1))
        if descriptor > 2:
            raise Refused(f"file descriptor {descriptor}")
        return Redirect(descriptor, operator, self._word())

    def _simple(self) -> Simple:
        line = self._tokens[self._at].line
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while (token := self._peek()) is not None:
            if self._at_redirect():
                redirects.append(self._redirect())
            elif token.word is None:
                break
            else:
                self._at += 1
                _sort_in(token.word, assignments, words)
        if not (assignments or words or redirects):
            raise self._unexpected()
        if self._is("("):
            raise Refused("a function") if len(words) == 1 else self._unexpected()
        return Simple(
            tuple(assignments), tuple(words), tuple(redirects), line, _plain_argv(tuple(words))
        )


def _sort_in(word: Word, assignments: list[tuple[str, Word]], words: list[Word]) -> None:
    assignment = None if words else as_assignment(word)
    if assignment is None:
        words.append(word)
    else:
        assignments.append(assignment)


def as_assignment(word: Word) -> tuple[str, Word] | None:
    """Return the (name, value) that *word* assigns, or None if it is no assignment."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Literal) or first.quoted:
        return None
    found = ASSIGNMENT.match(first.text)
    if found is None:
        return None
    if found[2]:
        raise Refused("+=")
    rest = Literal(first.text[found.end() :], quoted=False)
    return found[1], as_word([rest, *word.parts[1:]])


def _plain_argv(words: tuple[Word, ...]) -> tuple[str, ...] | None:
    texts = tuple(word.plain for word in words if word.plain is not None)
    return texts if len(texts) == len(words) else None

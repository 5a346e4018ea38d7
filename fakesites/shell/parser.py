"""From tokens to a script: a recursive descent over the shell's grammar.

Read from: POSIX.1-2017 Shell Command Language, 2.10; the bash manual, 3.2; bash 5.2's messages.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from fakesites.shell.braces import braced
from fakesites.shell.quoting import NAME
from fakesites.shell.quoting import Reader
from fakesites.shell.quoting import as_word
from fakesites.shell.scanner import Scanner
from fakesites.shell.scanner import Token
from fakesites.shell.scanner import end_of_substitution
from fakesites.shell.syntax import Assignment
from fakesites.shell.syntax import Both
from fakesites.shell.syntax import Brackets
from fakesites.shell.syntax import Branch
from fakesites.shell.syntax import Calculation
from fakesites.shell.syntax import Case
from fakesites.shell.syntax import Chain
from fakesites.shell.syntax import Check
from fakesites.shell.syntax import Compound
from fakesites.shell.syntax import Condition
from fakesites.shell.syntax import Count
from fakesites.shell.syntax import Function
from fakesites.shell.syntax import Group
from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Loop
from fakesites.shell.syntax import Pipeline
from fakesites.shell.syntax import Redirect
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import Simple
from fakesites.shell.syntax import SyntaxProblem
from fakesites.shell.syntax import While
from fakesites.shell.syntax import Word

CACHED_LINES = 4096
NOT_SPOKEN = frozenset({"coproc", "select"})
CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "}", "esac", "in"})
CLAUSE_ENDS = (";;", ";&", ";;&")
ASSIGNMENT = re.compile(rf"({NAME.pattern})(\+?)=")
REDIRECT = re.compile(r"([0-9]*)(&>>|&>|<<<|<<-|<<|<>|>>|>\||>&|<&|>|<)")
REDIRECTING = frozenset("<>")
# Builtins that take assignments as arguments: their values are not split into fields.
DECLARING = frozenset({"declare", "export", "local", "readonly", "typeset"})
UNARY = re.compile(r"-[a-zA-Z]")
BINARY = frozenset(
    {"=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"}
)
STDERR_TOO = Redirect(2, ">&", Word((Literal("1", quoted=False),), "1"))


@lru_cache(maxsize=CACHED_LINES)
def parse(text: str, depth: int = 0) -> Script:
    """Return the script that *text* is. Raises SyntaxProblem or Refused."""
    return _Parser(Scanner(text, parse=parse, depth=depth).tokens(), depth).whole()


@lru_cache(maxsize=CACHED_LINES)
def parse_expression(text: str) -> Word:
    """Return the arithmetic expression *text* as a word that remains to be expanded."""
    return Reader("", parse=parse, close=end_of_substitution).expression(text)


class _Parser:
    def __init__(self, tokens: list[Token], depth: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = depth

    # -- tokens

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

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
        while self._peek() is not None and not self._is(")", *CLAUSE_ENDS, *ends):
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
        timed = self._is("time")
        self._at += timed
        negated = self._is("!")
        self._at += negated
        commands = [self._command()]
        while self._is("|", "|&"):
            if self._take().text == "|&":
                commands[-1] = self._with_errors(commands[-1])
            self._skip_lines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated, timed)

    def _with_errors(self, command: Compound) -> Compound:
        if isinstance(command, Function):
            raise Refused("|& behind a function")
        return replace(command, redirects=(*command.redirects, STDERR_TOO))

    def _command(self) -> Compound:
        token = self._peek()
        if token is None:
            raise self._unexpected()
        if token.word is None and token.text == "(":
            return self._group(")", subshell=True)
        if token.text.startswith("((") and token.word is not None:
            return self._calculation()
        compound = self._reserved(token.text)
        if compound is not None:
            return compound
        if token.text in NOT_SPOKEN:
            raise Refused(token.text)
        if token.text in CLOSING:
            raise self._unexpected()
        following = self._peek(1)
        if token.word is not None and following is not None and following.text == "(":
            return self._function(token)
        return self._simple()

    def _reserved(self, text: str) -> Compound | None:
        """Return the command that begins with the reserved word *text*, None if it is none."""
        if text == "{":
            return self._group("}", subshell=False)
        if text == "if":
            return self._branch()
        if text == "for":
            return self._for()
        if text in ("while", "until"):
            return self._while()
        if text == "case":
            return self._case()
        if text == "[[":
            return self._brackets()
        if text == "function":
            self._at += 1
            return self._function(self._peek())
        return None

    def _group(self, end: str, *, subshell: bool) -> Group:
        self._at += 1
        script = self._script(frozenset({end}))
        if not script.chains:
            raise self._unexpected()
        self._expect(end)
        return Group(script, subshell, self._redirects())

    def _calculation(self) -> Calculation:
        token = self._take()
        return Calculation(parse_expression(token.text[2:-2]), self._redirects(), token.line)

    def _function(self, token: Token | None) -> Function:
        if token is None or token.word is None or token.word.plain is None:
            raise self._unexpected()
        self._at += 1
        if self._is("("):
            self._at += 1
            self._expect(")")
        self._skip_lines()
        body = self._command()
        if isinstance(body, Simple | Function):
            raise SyntaxProblem(f"syntax error near unexpected token `{token.text}'")
        return Function(token.word.plain, body)

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

    def _for(self) -> Loop | Count:
        self._at += 1
        token = self._take()
        if token.text.startswith("(("):
            return self._count(token)
        words: tuple[Word, ...] | None = None
        self._skip_lines()
        if self._is("in"):
            self._at += 1
            words = self._words()
        if self._is(";"):
            self._at += 1
        script = self._do()
        return Loop(token.text, words, script, self._redirects())

    def _words(self) -> tuple[Word, ...]:
        words: list[Word] = []
        while not self._is(";", "\n"):
            words.extend(braced(self._word()))
        return tuple(words)

    def _count(self, token: Token) -> Count:
        parts = token.text[2:-2].split(";")
        if len(parts) != 3:
            raise SyntaxProblem("syntax error: arithmetic expression required")
        if self._is(";"):
            self._at += 1
        begin, condition, step = (parse_expression(part.strip()) for part in parts)
        return Count(begin, condition, step, self._do(), self._redirects())

    def _do(self) -> Script:
        self._skip_lines()
        if self._is("{"):  # an old way of writing do … done
            self._at += 1
            script = self._body("}")
            self._expect("}")
            return script
        self._expect("do")
        script = self._body("done")
        self._expect("done")
        return script

    def _while(self) -> While:
        until = self._take().text == "until"
        condition = self._body("do")
        return While(condition, self._do(), until, self._redirects())

    def _case(self) -> Case:
        self._at += 1
        word = self._word()
        self._skip_lines()
        self._expect("in")
        self._skip_lines()
        clauses: list[tuple[tuple[Word, ...], Script, str]] = []
        while not self._is("esac"):
            patterns = self._patterns()
            script = self._script(frozenset({"esac"}))
            end = self._take().text if self._is(*CLAUSE_ENDS) else ";;"
            clauses.append((patterns, script, end))
            self._skip_lines()
        self._expect("esac")
        return Case(word, tuple(clauses), self._redirects())

    def _patterns(self) -> tuple[Word, ...]:
        if self._is("("):
            self._at += 1
        patterns = [self._word()]
        while self._is("|"):
            self._at += 1
            patterns.append(self._word())
        self._expect(")")
        return tuple(patterns)

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

    # -- conditions

    def _brackets(self) -> Brackets:
        line = self._take().line
        condition = self._either()
        self._expect("]]")
        return Brackets(condition, self._redirects(), line)

    def _either(self) -> Condition:
        left = self._both()
        while self._is("||"):
            self._at += 1
            left = Both("||", left, self._both())
        return left

    def _both(self) -> Condition:
        left = self._one()
        while self._is("&&"):
            self._at += 1
            left = Both("&&", left, self._one())
        return left

    def _one(self) -> Condition:
        self._skip_lines()
        if self._is("!"):
            self._at += 1
            return Both("!", self._one())
        if self._is("("):
            self._at += 1
            inner = self._either()
            self._expect(")")
            self._skip_lines()
            return inner
        found = self._check()
        self._skip_lines()
        return found

    def _check(self) -> Check:
        token = self._peek()
        first = self._word()
        if self._is(*BINARY):
            return Check(self._take().text, first, self._word())
        following = self._peek()
        operator = "" if token is None else token.text
        has_operand = following is not None and following.word is not None
        if has_operand and not self._is("]]") and UNARY.fullmatch(operator):
            return Check(operator, None, self._word())
        return Check("-n", None, first)

    # -- simple commands

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
        if token.here is not None:
            return Redirect(descriptor, "<<", token.here.word)
        return Redirect(descriptor, operator, self._word())

    def _simple(self) -> Simple:
        line = self._tokens[self._at].line
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while (token := self._peek()) is not None:
            if self._at_redirect():
                redirects.append(self._redirect())
            elif token.word is None and token.assignment is None:
                break
            else:
                self._at += 1
                self._sort_in(token, assignments, words)
        if not (assignments or words or redirects):
            raise self._unexpected()
        if self._is("("):
            raise self._unexpected()
        argv = _plain_argv(tuple(words))
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line, argv)

    def _sort_in(self, token: Token, assignments: list[Assignment], words: list[Word]) -> None:
        if token.assignment is not None:
            self._sort_in_array(token, token.assignment, assignments, words)
            return
        word = token.word or Word((), "")
        assignment = None if words else as_assignment(word)
        if assignment is None:
            words.extend(braced(word))
        else:
            assignments.append(assignment)

    def _sort_in_array(
        self, token: Token, found: Assignment, assignments: list[Assignment], words: list[Word]
    ) -> None:
        """Put an assignment to an array where it belongs: behind ``declare`` it is an argument."""
        if words and words[0].plain not in DECLARING:
            if found.items is not None:
                raise SyntaxProblem("syntax error near unexpected token `('")
            words.append(Word((Literal(token.text, quoted=False),), token.text))
            return
        if words:
            words.append(Word((Literal(found.name, quoted=True),), found.name))
        assignments.append(found)


def as_assignment(word: Word) -> Assignment | None:
    """Return what *word* assigns, or None if it is no assignment."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Literal) or first.quoted:
        return None
    found = ASSIGNMENT.match(first.text)
    if found is None:
        return None
    rest = Literal(first.text[found.end() :], quoted=False)
    return Assignment(found[1], as_word([rest, *word.parts[1:]]), bool(found[2]))


def _plain_argv(words: tuple[Word, ...]) -> tuple[str, ...] | None:
    texts = tuple(word.plain for word in words if word.plain is not None)
    return texts if len(texts) == len(words) else None

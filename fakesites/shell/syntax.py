"""What a line of shell is made of.

The subset that pilots, their transforms and set-up scripts use. Not modelled, and refused by
name: here-documents, arithmetic, arrays, functions, ``case``, ``while``, ``[[``, process
substitution, brace expansion.
"""

from __future__ import annotations

from dataclasses import dataclass


class SyntaxProblem(Exception):
    """The line is not a shell line at all; the text is what bash says of it."""


class Refused(Exception):
    """The line is fine, but outside the subset that this shell speaks."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A piece of text; if *quoted*, it is neither split nor matched against files."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """``$NAME`` or ``${NAME<operator><operand>}``."""

    name: str
    quoted: bool
    operator: str = ""
    operand: Word | None = None


@dataclass(frozen=True, slots=True)
class Substitution:
    """``$(script)``: what the script writes."""

    script: Script
    quoted: bool


Part = Literal | Variable | Substitution


@dataclass(frozen=True, slots=True)
class Word:
    """One word; *plain* is its text when nothing in it needs to be expanded."""

    parts: tuple[Part, ...]
    plain: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """``<descriptor><operator> target``; the operators are <, >, >>, >&, and &> for both."""

    descriptor: int
    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, a command's words, redirections; *argv* when all words are plain."""

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    line: int
    argv: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """``{ script; }``, or ``( script )`` as a *subshell*."""

    script: Script
    subshell: bool
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """``if``: pairs of condition and script, and what to do otherwise."""

    cases: tuple[tuple[Script, Script], ...]
    otherwise: Script | None
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """``for name in words``."""

    name: str
    words: tuple[Word, ...]
    script: Script
    redirects: tuple[Redirect, ...]


Compound = Simple | Group | Branch | Loop


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by ``|``; *negated* by a leading ``!``."""

    commands: tuple[Compound, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Pipelines joined by ``&&`` and ``||`` (the first has no operator), or in *background*."""

    links: tuple[tuple[str, Pipeline], ...]
    background: bool


@dataclass(frozen=True, slots=True)
class Script:
    """Chains, one after the other."""

    chains: tuple[Chain, ...]

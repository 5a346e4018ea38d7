"""What a line of shell is made of.

The part of bash that pilots, their transforms and set-up scripts use. Not modelled, and refused
by name: process substitution, ``coproc``, ``select``, ``**``, ``{name}>`` redirections.
"""

from __future__ import annotations

from dataclasses import dataclass


class SyntaxProblem(Exception):
    """The line is not a shell line at all; the text is what bash says of it."""


class Refused(Exception):
    """The line is fine, but outside the subset that this shell speaks."""


# -- words


@dataclass(frozen=True, slots=True)
class Literal:
    """A piece of text; if *quoted*, it is neither split nor matched against files."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """``$NAME``, ``${NAME<operator><operand>}``, ``${NAME[index]…}``.

    *operator* is the text of it, or ``length``, ``slice`` (*operand*, *second*: offset, length),
    ``keys`` (``${!name[@]}``), ``indirect`` (``${!name}``) or ``names`` (``${!prefix*}``).
    Of a replacement (``/``, ``//``, ``/#``, ``/%``) *second* is what comes in the place.
    """

    name: str
    quoted: bool
    operator: str = ""
    operand: Word | None = None
    second: Word | None = None
    index: Word | None = None


@dataclass(frozen=True, slots=True)
class Substitution:
    """``$(script)``: what the script writes."""

    script: Script
    quoted: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``$((expression))``; the expression is expanded like a quoted word before it is computed."""

    expression: Word
    quoted: bool


Part = Literal | Variable | Substitution | Arithmetic


@dataclass(frozen=True, slots=True)
class Word:
    """One word; *plain* is its text when nothing in it needs to be expanded."""

    parts: tuple[Part, ...]
    plain: str | None = None


# -- commands


@dataclass(frozen=True, slots=True)
class Redirect:
    """``<descriptor><operator> target``.

    The operators are <, >, >>, <>, >&, <&, and &> and &>> for both outputs; of a here-document
    (<<) and a here-string (<<<) *target* is the text itself.
    """

    descriptor: int
    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Assignment:
    """``name=value``, ``name[index]=value``, ``name=(items)``; += if *append*."""

    name: str
    value: Word
    append: bool = False
    index: Word | None = None
    items: tuple[Assignment | Word, ...] | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, a command's words, redirections; *argv* when all words are plain."""

    assignments: tuple[Assignment, ...]
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
    """``for name in words``; without *words*, over the arguments."""

    name: str
    words: tuple[Word, ...] | None
    script: Script
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class While:
    """``while condition``, or *until* it."""

    condition: Script
    script: Script
    until: bool
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """``for ((begin; condition; step))``."""

    begin: Word
    condition: Word
    step: Word
    script: Script
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """``case word in``: patterns, script, and how the clause ends (;; or ;& or ;;&)."""

    word: Word
    clauses: tuple[tuple[tuple[Word, ...], Script, str], ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """``name() body``: from now on *name* runs *body*."""

    name: str
    body: Compound


@dataclass(frozen=True, slots=True)
class Calculation:
    """``((expression))``: true if it is not zero."""

    expression: Word
    redirects: tuple[Redirect, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Check:
    """One condition inside ``[[ ]]``: words, their operator in the middle or in front."""

    operator: str
    left: Word | None
    right: Word


@dataclass(frozen=True, slots=True)
class Both:
    """Conditions joined by ``&&``, ``||``; with ``!`` only *left* counts."""

    operator: str
    left: Condition
    right: Condition | None = None


Condition = Check | Both


@dataclass(frozen=True, slots=True)
class Brackets:
    """``[[ condition ]]``."""

    condition: Condition
    redirects: tuple[Redirect, ...]
    line: int


Compound = Simple | Group | Branch | Loop | While | Count | Case | Function | Calculation | Brackets


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by ``|``; *negated* by a leading ``!``; *timed* by ``time``."""

    commands: tuple[Compound, ...]
    negated: bool
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Pipelines joined by ``&&`` and ``||`` (the first has no operator), or in *background*."""

    links: tuple[tuple[str, Pipeline], ...]
    background: bool


@dataclass(frozen=True, slots=True)
class Script:
    """Chains, one after the other."""

    chains: tuple[Chain, ...]

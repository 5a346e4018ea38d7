"""Options of a tool, as getopt_long(3) reads them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import Mapping

from fakesites.tools import UsageError

CACHED = 4096


@dataclass(frozen=True, slots=True)
class Options:
    """What was given: *values* by option (flags have an empty one), and the *words* left."""

    values: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]

    def has(self, *names: str) -> bool:
        """Tell whether one of the options *names* was given."""
        for name in names:  # noqa: SIM110 - this is called for every option of every filter
            if name in self.values:
                return True
        return False

    def get(self, name: str, default: str = "") -> str:
        """Return the last value given for the option *name*."""
        return self.values[name][-1] if name in self.values else default

    def number(self, name: str, default: float) -> float:
        """Return the value of *name* as a number. Raises UsageError."""
        try:
            return float(self.get(name, str(default)))
        except ValueError:
            raise UsageError(f"invalid number: '{self.get(name)}'") from None


@dataclass(frozen=True, slots=True)
class Grammar:
    """The options that a tool knows.

    Letters in *flags* stand alone, letters in *values* take one. *long* maps a long name to its
    letter or to another name; a long name that ends in "=" takes a value. With *in_order* the
    first word ends the options.
    """

    flags: str = ""
    values: str = ""
    long: tuple[tuple[str, str], ...] = ()
    in_order: bool = False
    code: int = 1
    names: Mapping[str, str] = field(init=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", dict(self.long))

    def read(self, argv: tuple[str, ...]) -> Options:
        """Return the options of *argv*, whose first word is the tool. Raises UsageError."""
        return _read(self, argv)


@lru_cache(maxsize=CACHED)
def _read(grammar: Grammar, argv: tuple[str, ...]) -> Options:
    found: dict[str, tuple[str, ...]] = {}
    words: list[str] = []
    rest = list(argv[:0:-1])
    while rest:
        word = rest.pop()
        if word == "--":
            words.extend(reversed(rest))
            break
        if word.startswith("--"):
            _long(grammar, word[2:], rest, found)
        elif word.startswith("-") and word != "-":
            _short(grammar, word[1:], rest, found)
        elif grammar.in_order:
            words.extend([word, *reversed(rest)])
            break
        else:
            words.append(word)
    return Options(found, tuple(words))


def _long(grammar: Grammar, text: str, rest: list[str], found: dict[str, tuple[str, ...]]) -> None:
    name, equals, value = text.partition("=")
    if name in grammar.names and not equals:
        _note(found, grammar.names[name], "")
    elif f"{name}=" in grammar.names:
        if not equals and not rest:
            raise UsageError(f"option '--{name}' requires an argument", code=grammar.code)
        _note(found, grammar.names[f"{name}="], value if equals else rest.pop())
    else:
        raise UsageError(f"unrecognized option '--{text}'", code=grammar.code)


def _short(grammar: Grammar, text: str, rest: list[str], found: dict[str, tuple[str, ...]]) -> None:
    for at, letter in enumerate(text):
        if letter in grammar.flags:
            _note(found, letter, "")
            continue
        if letter not in grammar.values:
            raise UsageError(f"invalid option -- '{letter}'", code=grammar.code)
        value = text[at + 1 :]
        if not value and not rest:
            raise UsageError(f"option requires an argument -- '{letter}'", code=grammar.code)
        _note(found, letter, value or rest.pop())
        return


def _note(found: dict[str, tuple[str, ...]], name: str, value: str) -> None:
    found[name] = (*found.get(name, ()), value)

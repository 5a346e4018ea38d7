"""Brace expansion: ``a{b,c}d`` are two words, ``{1..3}`` three. Done once, when a line is parsed.

Read from: the bash manual, 3.5.1.
"""

from __future__ import annotations

import re
from itertools import pairwise

from fakesites.shell.quoting import as_word
from fakesites.shell.syntax import Literal
from fakesites.shell.syntax import Part
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Word

# An unquoted letter, or a part that braces do not look into.
Atom = str | Part
Atoms = tuple[Atom, ...]

NUMBERS = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?")
LETTERS = re.compile(r"([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?")
WORDS_LIMIT = 10_000


def braced(word: Word) -> tuple[Word, ...]:
    """Return the words that *word* stands for: mostly itself."""
    if not any(_has_brace(part) for part in word.parts):
        return (word,)
    found = _expanded(_atoms(word))
    if len(found) == 1:
        return (word,)
    return tuple(_word(atoms) for atoms in found)


def _has_brace(part: Part) -> bool:
    return isinstance(part, Literal) and not part.quoted and "{" in part.text


def _atoms(word: Word) -> Atoms:
    atoms: list[Atom] = []
    for part in word.parts:
        if isinstance(part, Literal) and not part.quoted:
            atoms.extend(part.text)
        else:
            atoms.append(part)
    return tuple(atoms)


def _word(atoms: Atoms) -> Word:
    parts: list[Part] = []
    letters: list[str] = []
    for atom in (*atoms, None):
        if isinstance(atom, str):
            letters.append(atom)
            continue
        if letters:
            parts.append(Literal("".join(letters), quoted=False))
            letters.clear()
        if atom is not None:
            parts.append(atom)
    return as_word(parts)


def _expanded(atoms: Atoms) -> list[Atoms]:
    for begin, atom in enumerate(atoms):
        if atom != "{":
            continue
        found = _alternatives(atoms, begin)
        if found is None:
            continue
        end, choices = found
        rests = _expanded(atoms[end + 1 :])
        inner = [each for choice in choices for each in _expanded(choice)]
        if len(inner) * len(rests) > WORDS_LIMIT:
            raise Refused(f"brace expansion to more than {WORDS_LIMIT} words")
        return [(*atoms[:begin], *choice, *rest) for choice in inner for rest in rests]
    return [atoms]


def _alternatives(atoms: Atoms, begin: int) -> tuple[int, list[Atoms]] | None:
    """Return where the brace at *begin* ends, and what it offers; None if it is just a letter."""
    depth = 0
    cuts = [begin]
    for position in range(begin, len(atoms)):
        atom = atoms[position]
        depth += (atom == "{") - (atom == "}")
        if atom == "," and depth == 1:
            cuts.append(position)
        if not depth:
            cuts.append(position)
            break
    else:
        return None
    end = cuts[-1]
    if len(cuts) > 2:
        return end, [atoms[left + 1 : right] for left, right in pairwise(cuts)]
    inside = atoms[begin + 1 : end]
    text = "".join(atom if isinstance(atom, str) else "\0" for atom in inside)
    choices = _sequence(text)
    return None if choices is None else (end, [tuple(each) for each in choices])


def _sequence(text: str) -> list[str] | None:
    """Return the items of ``1..3`` or ``a..e``, None if *text* is no such thing."""
    numbers, letters = NUMBERS.fullmatch(text), LETTERS.fullmatch(text)
    if numbers is not None:
        first, last = int(numbers[1]), int(numbers[2])
        padded = any(re.match(r"-?0\d", each) for each in (numbers[1], numbers[2]))
        width = max(len(numbers[1]), len(numbers[2])) if padded else 0
        return [f"{each:0{width}d}" for each in _steps(first, last, numbers[3])]
    if letters is not None:
        return [chr(each) for each in _steps(ord(letters[1]), ord(letters[2]), letters[3])]
    return None


def _steps(first: int, last: int, step: str | None) -> range:
    size = abs(int(step or 1)) or 1
    if abs(last - first) // size >= WORDS_LIMIT:
        raise Refused(f"brace expansion to more than {WORDS_LIMIT} words")
    return range(first, last + 1, size) if first <= last else range(first, last - 1, -size)

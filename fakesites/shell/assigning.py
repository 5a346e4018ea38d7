"""Assignments: to variables, to arrays and their items, and as arguments of ``declare``.

Read from: the bash manual, 3.4 and 6.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Iterable

from fakesites.shell.parser import DECLARING
from fakesites.shell.parser import as_assignment
from fakesites.shell.syntax import Assignment
from fakesites.shell.syntax import Simple
from fakesites.shell.syntax import Word

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell
    from fakesites.shell.words import Expander


def assign(shell: Shell, given: Assignment, expander: Expander) -> None:
    """Do what *given* says. Raises ReadonlyError."""
    if given.items is not None:
        _fill(shell, given, expander)
    elif given.index is not None:
        items = shell.variables.array(given.name)
        key = expander.key(given.index, named=given.name in shell.variables.named)
        value = expander.text(given.value)
        items[key] = items.get(key, "") + value if given.append else value
    else:
        shell.assign(given.name, _new_value(shell, given, expander))


def _new_value(shell: Shell, given: Assignment, expander: Expander) -> str:
    value = expander.text(given.value)
    before = (shell.lookup(given.name) or "") if given.append else ""
    if given.name in shell.variables.integers:
        return str(shell.compute(f"{before or 0}+({value})" if given.append else value))
    return before + value


def _fill(shell: Shell, given: Assignment, expander: Expander) -> None:
    """Set all items of an array, or add some."""
    named = given.name in shell.variables.named
    # What it is filled with may be its own items.
    found = [_items_of(each, expander, named=named) for each in given.items or ()]
    items = shell.variables.array(given.name)
    if not given.append:
        items.clear()
    position = 0 if named else max((int(key) for key in items), default=-1) + 1
    for key, values in found:
        position = position if key is None or named else int(key)
        for value in values:
            items[key if named and key is not None else str(position)] = value
            position += 1


def _items_of(
    each: Assignment | Word, expander: Expander, *, named: bool
) -> tuple[str | None, tuple[str, ...]]:
    """Return the key that one item is given, None for the next one, and its values."""
    if isinstance(each, Word):
        return None, expander.argv((each,))
    key = expander.key(each.index or Word((), ""), named=named)
    return key, (expander.text(each.value),)


def arguments_of(words: tuple[Word, ...], expander: Expander) -> tuple[str, ...]:
    """Return the arguments that *words* become; what ``declare`` assigns is not split."""
    if not words or words[0].plain not in DECLARING:
        return expander.argv(words)
    found: list[str] = []
    for word in words:
        given = as_assignment(word)
        if given is None:
            found.extend(expander.argv((word,)))
        else:
            sign = "+=" if given.append else "="
            found.append(f"{given.name}{sign}{expander.text(given.value)}")
    return tuple(found)


def words_of(command: Simple) -> Iterable[Word]:
    """Return every word of *command* in which something may have to be run first."""
    yield from command.words
    for each in command.assignments:
        yield from _words_in(each)
    for change in command.redirects:
        yield change.target


def _words_in(given: Assignment) -> Iterable[Word]:
    yield given.value
    if given.index is not None:
        yield given.index
    for item in given.items or ():
        yield from (item,) if isinstance(item, Word) else _words_in(item)

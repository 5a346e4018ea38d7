"""Groups, branches, loops, ``case``, ``[[ ]]`` and ``(( ))``.

Read from: the bash manual, 3.2.5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Generator
from typing import Mapping

import simpy

from fakesites.shell.arithmetic import ArithmeticProblem
from fakesites.shell.channels import Channels
from fakesites.shell.leaving import Break
from fakesites.shell.leaving import Continue
from fakesites.shell.patterns import matches
from fakesites.shell.syntax import Both
from fakesites.shell.syntax import Brackets
from fakesites.shell.syntax import Branch
from fakesites.shell.syntax import Calculation
from fakesites.shell.syntax import Case
from fakesites.shell.syntax import Check
from fakesites.shell.syntax import Compound
from fakesites.shell.syntax import Condition
from fakesites.shell.syntax import Count
from fakesites.shell.syntax import Group
from fakesites.shell.syntax import Loop
from fakesites.shell.syntax import Script
from fakesites.shell.syntax import While
from fakesites.shell.syntax import Word
from fakesites.tools import TOOLS
from fakesites.tools import UsageError
from fakesites.tools._patterns import compiled

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell
    from fakesites.shell.words import Expander

Work = Generator[simpy.Event, Any, int]
Runner = Callable[["Shell", Any, Channels], Work]

# Of the rounds of one loop that take no virtual time: it would never end.
ROUNDS_LIMIT = 1_000_000
NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": lambda left, right: left == right,
    "-ge": lambda left, right: left >= right,
    "-gt": lambda left, right: left > right,
    "-le": lambda left, right: left <= right,
    "-lt": lambda left, right: left < right,
    "-ne": lambda left, right: left != right,
}


def run_compound(shell: Shell, command: Compound, channels: Channels) -> Work:
    """Run a compound *command* whose redirections were done; return its status."""
    return (yield from RUNNERS[type(command)](shell, command, channels))


def _group(shell: Shell, command: Group, channels: Channels) -> Work:
    if not command.subshell:
        return (yield from shell.run(command.script, channels))
    inner = shell.subshell(shell.process)
    own = Channels(channels.out, channels.err, channels.stdin, dict(channels.others))
    try:
        return (yield from inner.contained(inner.run(command.script, own), own))
    finally:
        channels.stdin = own.stdin  # what it read is read


def _branch(shell: Shell, command: Branch, channels: Channels) -> Work:
    for condition, script in command.cases:
        if (yield from shell.condition(condition, channels)) == 0:
            return (yield from shell.run(script, channels))
    if command.otherwise is None:
        return 0
    return (yield from shell.run(command.otherwise, channels))


# -- loops


def _round(
    shell: Shell, script: Script, channels: Channels
) -> Generator[simpy.Event, Any, tuple[int, bool]]:
    """Run a loop's *script* once; return its status, and whether the loop goes on."""
    shell.loops += 1
    try:
        return (yield from shell.run(script, channels)), True
    except Break as jump:
        if jump.levels > 1:
            raise Break(jump.levels - 1) from None
        return 0, False
    except Continue as jump:
        if jump.levels > 1:
            raise Continue(jump.levels - 1) from None
        return 0, True
    finally:
        shell.loops -= 1


def _loop(shell: Shell, command: Loop, channels: Channels) -> Work:
    values = shell.arguments
    if command.words is not None:
        outputs = yield from shell.substitute(command.words, channels)
        values = shell.expander(outputs).argv(command.words)
    status = 0
    for value in values:
        shell.assign(command.name, value)
        status, goes_on = yield from _round(shell, command.script, channels)
        if not goes_on:
            break
    return status


def _while(shell: Shell, command: While, channels: Channels) -> Work:
    status, goes_on = 0, True
    instant, rounds = shell.node.clock.now, 0
    while goes_on:
        met = (yield from _asked(shell, command, channels)) == 0
        if met == command.until:
            break
        status, goes_on = yield from _round(shell, command.script, channels)
        rounds = rounds + 1 if instant == shell.node.clock.now else 0
        instant = shell.node.clock.now
        if rounds > ROUNDS_LIMIT:
            shell.complain(channels, f"a loop of {ROUNDS_LIMIT} rounds in no time")
            return 1
    return status


def _asked(shell: Shell, command: While, channels: Channels) -> Work:
    shell.loops += 1
    try:
        return (yield from shell.condition(command.condition, channels))
    except Break:
        return int(not command.until)
    finally:
        shell.loops -= 1


def _count(shell: Shell, command: Count, channels: Channels) -> Work:
    yield from _computed(shell, command.begin, channels)
    status, rounds = 0, 0
    empty = command.condition.plain == ""
    while empty or (yield from _computed(shell, command.condition, channels)):
        status, goes_on = yield from _round(shell, command.script, channels)
        rounds += 1
        if not goes_on or rounds > ROUNDS_LIMIT:
            break
        yield from _computed(shell, command.step, channels)
    return status


def _computed(shell: Shell, expression: Word, channels: Channels) -> Work:
    outputs = yield from shell.substitute((expression,), channels)
    return shell.expander(outputs).number(expression)


def _calculation(shell: Shell, command: Calculation, channels: Channels) -> Work:
    shell.line = command.line
    try:
        return int(not (yield from _computed(shell, command.expression, channels)))
    except ArithmeticProblem as error:
        shell.complain(channels, f"((: {error}")
        return 1


# -- case


def _case(shell: Shell, command: Case, channels: Channels) -> Work:
    outputs = yield from shell.substitute((command.word,), channels)
    value = shell.expander(outputs).text(command.word)
    status, falls = 0, False
    for patterns, script, end in command.clauses:
        if not falls and not (yield from _matches_one(shell, value, patterns, channels)):
            continue
        status = yield from shell.run(script, channels)
        falls = end == ";&"
        if end == ";;":
            break
    return status


def _matches_one(
    shell: Shell, value: str, patterns: tuple[Word, ...], channels: Channels
) -> Generator[simpy.Event, Any, bool]:
    for each in patterns:
        outputs = yield from shell.substitute((each,), channels)
        if matches(shell.expander(outputs).pattern(each), value):
            return True
    return False


# -- conditions


def _brackets(shell: Shell, command: Brackets, channels: Channels) -> Work:
    shell.line = command.line
    return int(not (yield from _holds(shell, command.condition, channels)))


def _holds(
    shell: Shell, condition: Condition, channels: Channels
) -> Generator[simpy.Event, Any, bool]:
    if isinstance(condition, Both):
        left = yield from _holds(shell, condition.left, channels)
        if condition.operator == "!" or condition.right is None:
            return not left
        if left != (condition.operator == "&&"):
            return left
        return (yield from _holds(shell, condition.right, channels))
    words = (condition.right,) if condition.left is None else (condition.left, condition.right)
    outputs = yield from shell.substitute(words, channels)
    return _check(shell, condition, shell.expander(outputs), channels)


def _check(shell: Shell, check: Check, expander: Expander, channels: Channels) -> bool:
    operator = check.operator
    left = "" if check.left is None else expander.text(check.left)
    if operator == "=~":
        return _found(shell, left, expander.regex(check.right))
    if operator in ("=", "==", "!=") and check.left is not None:
        same = matches(expander.pattern(check.right), left, extended=True)
        return same == (operator != "!=")
    right = expander.text(check.right)
    if operator in NUMBERS:
        return NUMBERS[operator](shell.compute(left), shell.compute(right))
    if operator in ("<", ">"):
        return left < right if operator == "<" else left > right
    if operator == "-v":
        return shell.lookup(right) is not None
    if operator == "-o":
        return right in shell.options
    words = (operator, right) if check.left is None else (left, operator, right)
    return TOOLS["test"](shell.builtin_call(("test", *words), channels)) == 0


def _found(shell: Shell, text: str, regex: str) -> bool:
    try:
        found = compiled(regex, "extended").search(text)
    except (UsageError, re.error):
        found = None
    groups = [] if found is None else [found[0], *(each or "" for each in found.groups())]
    items = shell.variables.array("BASH_REMATCH")
    items.clear()
    items.update((str(number), each) for number, each in enumerate(groups))
    return found is not None


RUNNERS: Mapping[type, Runner] = {
    Branch: _branch,
    Brackets: _brackets,
    Calculation: _calculation,
    Case: _case,
    Count: _count,
    Group: _group,
    Loop: _loop,
    While: _while,
}

"""basename, dirname and seq."""

from __future__ import annotations

import posixpath

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool

SEQ_LIMIT = 1_000_000


@tool("basename", quiet=True)
def basename(call: ToolCall) -> int:
    """Write the last part of a path, without a suffix."""
    if len(call.argv) < 2:
        raise UsageError("missing operand")
    name = posixpath.basename(call.argv[1].rstrip("/")) or "/"
    suffix = call.argv[2] if len(call.argv) > 2 else ""
    call.out((name.removesuffix(suffix) or name) + "\n")
    return 0


@tool("dirname", quiet=True)
def dirname(call: ToolCall) -> int:
    """Write a path without its last part."""
    if len(call.argv) < 2:
        raise UsageError("missing operand")
    for name in call.argv[1:]:
        path = name.rstrip("/")
        folder = posixpath.dirname(path).rstrip("/") if path else "/"
        call.out(f"{folder or ('/' if path.startswith('/') else '.')}\n")
    return 0


@tool("seq", quiet=True)
def seq(call: ToolCall) -> int:
    """Write whole numbers from FIRST to LAST in steps."""
    try:
        numbers = [int(word) for word in call.argv[1:]]
    except ValueError as error:
        raise UsageError(f"invalid integer argument: {error}") from None
    if not 1 <= len(numbers) <= 3:
        raise UsageError("missing operand" if not numbers else "extra operand")
    first = numbers[0] if len(numbers) > 1 else 1
    step = numbers[1] if len(numbers) == 3 else 1
    if not step or abs(numbers[-1] - first) // abs(step) > SEQ_LIMIT:
        raise UsageError(f"more than {SEQ_LIMIT} numbers")
    steps = range(first, numbers[-1] + (1 if step > 0 else -1), step)
    call.out("".join(f"{number}\n" for number in steps))
    return 0

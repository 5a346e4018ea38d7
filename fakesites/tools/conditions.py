"""test and [: conditions on texts, numbers and files."""

from __future__ import annotations

import os
from typing import Callable

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._entries import Entry
from fakesites.tools._entries import entry

USAGE = 2
TEXTS: dict[str, Callable[[str, str], bool]] = {
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "=": lambda left, right: left == right,
    "==": lambda left, right: left == right,
    ">": lambda left, right: left > right,
}
NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda left, right: left == right,
    "-ge": lambda left, right: left >= right,
    "-gt": lambda left, right: left > right,
    "-le": lambda left, right: left <= right,
    "-lt": lambda left, right: left < right,
    "-ne": lambda left, right: left != right,
}
FILES: dict[str, Callable[[Entry], bool]] = {
    "-L": lambda each: each.kind == "l",
    "-d": lambda each: each.is_folder,
    "-e": lambda _: True,
    "-f": lambda each: each.kind == "f",
    "-h": lambda each: each.kind == "l",
    "-r": lambda each: bool(each.mode & 0o400),
    "-s": lambda each: each.size > 0,
    "-w": lambda each: bool(each.mode & 0o200),
    "-x": lambda each: bool(each.mode & 0o100),
}
TIMES = ("-nt", "-ot")


@tool("test", "[", quiet=True)
def test(call: ToolCall) -> int:
    """Return 0 if the condition holds, 1 if not, 2 if it makes no sense."""
    words = list(call.argv[1:])
    if call.argv[0] == "[" and (not words or words.pop() != "]"):
        return _complain(call, "missing `]'")
    try:
        return int(not _either(call, words))
    except (UsageError, IndexError) as error:
        return _complain(call, str(error) or "argument expected")


def _complain(call: ToolCall, text: str) -> int:
    call.err(f"{call.argv[0]}: {text}\n")
    return USAGE


def _either(call: ToolCall, words: list[str]) -> bool:
    """Evaluate by POSIX: what a word means goes by how many there are."""
    if len(words) > 4 or (len(words) == 4 and words[0] != "!"):
        for operator in ("-o", "-a"):
            if operator in words[1:-1]:
                at = words.index(operator, 1)
                left, right = _either(call, words[:at]), _either(call, words[at + 1 :])
                return left or right if operator == "-o" else left and right
    if words[:1] == ["!"] and len(words) != 1:
        return not _either(call, words[1:])
    if words[:1] == ["("] and words[-1:] == [")"]:
        return _either(call, words[1:-1])
    return _simple(call, words)


def _simple(call: ToolCall, words: list[str]) -> bool:
    if len(words) < 2:
        return bool(words and words[0])
    if len(words) == 2:
        return _unary(call, words[0], words[1])
    if len(words) == 3:
        return _binary(call, words[0], words[1], words[2])
    raise UsageError("too many arguments")


def _unary(call: ToolCall, operator: str, word: str) -> bool:
    if operator in ("-z", "-n"):
        return bool(word) == (operator == "-n")
    if operator in ("-t",):
        return False
    if operator not in FILES:
        raise UsageError(f"{operator}: unary operator expected")
    if call.node.system_text(call.path(word)) is not None:
        return operator in ("-e", "-f", "-r", "-s")
    try:
        return FILES[operator](_entry(call, word, follow=operator not in ("-L", "-h")))
    except OSError:
        return False


def _entry(call: ToolCall, word: str, *, follow: bool) -> Entry:
    if not word:
        raise FileNotFoundError(2, os.strerror(2), word)
    return entry(call.node.files, call.path(word), follow=follow)


def _binary(call: ToolCall, left: str, operator: str, right: str) -> bool:
    if operator in TEXTS:
        return TEXTS[operator](left, right)
    if operator in NUMBERS:
        return NUMBERS[operator](_number(left), _number(right))
    if operator in ("-a", "-o"):
        return bool(left and right) if operator == "-a" else bool(left or right)
    if operator in TIMES:
        call.node.settle()
        ages = [_mtime(call, word) for word in (left, right)]
        return ages[0] > ages[1] if operator == "-nt" else ages[0] < ages[1]
    raise UsageError(f"{operator}: binary operator expected")


def _mtime(call: ToolCall, word: str) -> float:
    try:
        return _entry(call, word, follow=True).mtime
    except OSError:
        return 0.0


def _number(word: str) -> int:
    try:
        return int(word.strip())
    except ValueError:
        raise UsageError(f"{word}: integer expression expected") from None

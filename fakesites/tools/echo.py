"""echo, printf, pwd, true and false, which the shell also has built in."""

from __future__ import annotations

import re

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool

ESCAPES = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
}
ESCAPE = re.compile(r"\\(?:0([0-7]{1,3})|([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
DIRECTIVE = re.compile(r"%(?:%|([-+ 0#]*)(\*|\d+)?(?:\.(\d+))?([bcdiosuxXfeg]))")
INTEGERS = frozenset("diouxX")


def unescaped(text: str) -> str:
    """Return *text* with its backslash escapes replaced."""

    def put(found: re.Match[str]) -> str:
        octal = found[1] or found[2]
        if octal:
            return chr(int(octal, 8))
        if found[3]:
            return chr(int(found[3], 16))
        return ESCAPES.get(found[4], found[0])

    return ESCAPE.sub(put, text)


@tool("echo")
def echo(call: ToolCall) -> int:
    """Write the arguments."""
    words = list(call.argv[1:])
    letters = ""
    while words and re.fullmatch(r"-[neE]+", words[0]):
        letters += words.pop(0)[1:]
    text = " ".join(words)
    if "e" in letters.replace("E", ""):
        text = unescaped(text)
    call.out(text if "n" in letters else f"{text}\n")
    return 0


@tool("printf")
def printf(call: ToolCall) -> int:
    """Write the arguments in a form, as often as it takes to use them up."""
    if len(call.argv) == 1:
        raise UsageError("usage: printf format [arguments]", code=2)
    form, values = call.argv[1], list(call.argv[2:])
    takes = sum(1 for found in DIRECTIVE.finditer(form) if found[0] != "%%")
    while True:
        call.out(_filled(form, values))
        if not values or not takes:
            return 0


def _filled(form: str, values: list[str]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[2] == "*":
            raise NotSpoken(found[0])
        value = values.pop(0) if values else ""
        return _formed(found, value)

    # Escapes belong to the form alone; what a value holds is left as it is.
    pieces = DIRECTIVE.split(form)
    matches = list(DIRECTIVE.finditer(form))
    texts = pieces[:: DIRECTIVE.groups + 1]
    found = [unescaped(texts[0])]
    for match, text in zip(matches, texts[1:], strict=True):
        found += [put(match), unescaped(text)]
    return "".join(found)


def _formed(found: re.Match[str], value: str) -> str:
    kind = found[4]
    head = f"%{found[1]}{found[2] or ''}"
    exact = f".{found[3]}" if found[3] else ""
    try:
        if kind in INTEGERS:
            return (head + {"i": "d", "u": "d"}.get(kind, kind)) % int(value or "0", 0)
        if kind in "feg":
            return (head + exact + kind) % float(value or "0")
    except ValueError:
        raise UsageError(f"{value}: invalid number") from None
    text = unescaped(value) if kind == "b" else value[:1] if kind == "c" else value
    return (head + exact + "s") % text


@tool("pwd")
def pwd(call: ToolCall) -> int:
    """Write the working directory."""
    call.out(f"{call.cwd}\n")
    return 0


@tool("true")
def true(_: ToolCall) -> int:
    """Do nothing, successfully."""
    return 0


@tool("false")
def false(_: ToolCall) -> int:
    """Do nothing, unsuccessfully."""
    return 1

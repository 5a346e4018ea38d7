"""cut and tr."""

from __future__ import annotations

import re

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._texts import lines
from fakesites.tools._texts import read_all

CUT = Grammar(
    flags="sn",
    values="dfcb",
    long=(
        ("bytes=", "b"),
        ("characters=", "c"),
        ("delimiter=", "d"),
        ("fields=", "f"),
        ("only-delimited", "s"),
        ("output-delimiter=", "output-delimiter"),
    ),
)
TR = Grammar(
    flags="cCds",
    long=(("complement", "c"), ("delete", "d"), ("squeeze-repeats", "s")),
)
LIMIT = 1_000_000
BYTES = "".join(chr(number) for number in range(128))
CLASS_SETS = {
    "alnum": "".join(letter for letter in BYTES if letter.isalnum()),
    "alpha": "".join(letter for letter in BYTES if letter.isalpha()),
    "blank": "\t ",
    "digit": "0123456789",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "punct": "".join(c for c in BYTES if c.isprintable() and not c.isalnum() and c != " "),
    "space": "\t\n\v\f\r ",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "0": "\0"}


@tool("cut", quiet=True)
def cut(call: ToolCall) -> int:
    """Write the chosen fields or characters of each line."""
    options = CUT.read(call.argv)
    chosen = [letter for letter in "fcb" if options.has(letter)]
    if len(chosen) != 1:
        raise UsageError("you must specify a list of bytes, characters, or fields")
    ranges = _ranges(options.get(chosen[0]))
    delimiter = options.get("d", "\t")
    if len(delimiter) != 1:
        raise UsageError("the delimiter must be a single character")
    joined = options.get("output-delimiter", delimiter if chosen[0] == "f" else "")
    texts = read_all(call, options.words)
    for _, text in texts:
        for line in lines(text):
            if chosen[0] == "f" and delimiter not in line:
                call.out("" if options.has("s") else f"{line}\n")
                continue
            pieces = line.split(delimiter) if chosen[0] == "f" else list(line)
            call.out(joined.join(_chosen(pieces, ranges)) + "\n")
    return 0 if len(texts) >= len(options.words) else 1


def _ranges(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for piece in text.split(","):
        match = re.fullmatch(r"(\d*)(-?)(\d*)", piece)
        if match is None or not (match[1] or match[3]) or match[1] == "0":
            raise UsageError(f"invalid field value '{piece}'")
        first = int(match[1] or 1)
        last = int(match[3] or (LIMIT if match[2] else first))
        if last < first:
            raise UsageError("invalid decreasing range")
        found.append((first, last))
    return found


def _chosen(pieces: list[str], ranges: list[tuple[int, int]]) -> list[str]:
    return [
        piece
        for number, piece in enumerate(pieces, start=1)
        if any(first <= number <= last for first, last in ranges)
    ]


@tool("tr", quiet=True)
def tr(call: ToolCall) -> int:
    """Translate, delete or squeeze characters of standard input."""
    options = TR.read(call.argv)
    sets = [_set(word) for word in options.words]
    if not sets or len(sets) > 2:
        raise UsageError("missing operand" if not sets else "extra operand")
    first = sets[0]
    if options.has("c", "C"):
        first = "".join(letter for letter in BYTES if letter not in first)
    text = call.stdin
    if options.has("d"):
        text = text.translate({ord(letter): None for letter in first})
        squeezed = sets[1] if len(sets) == 2 else ""
    elif len(sets) == 2:
        second = sets[1] + sets[1][-1:] * (len(first) - len(sets[1]))
        text = text.translate(
            {ord(a): b for a, b in reversed(list(zip(first, second, strict=False)))}
        )
        squeezed = sets[1]
    else:
        squeezed = first
    call.out(_squeeze(text, squeezed) if options.has("s") else text)
    return 0


def _squeeze(text: str, letters: str) -> str:
    if not letters:
        return text
    return re.sub(f"([{re.escape(letters)}])\\1+", r"\1", text)


def _set(text: str) -> str:
    """Return the characters that a tr set lists: ranges, classes, escapes."""
    if "[=" in text or re.search(r"\[.\*", text):
        raise NotSpoken(text)
    text = re.sub(r"\[:(\w+):\]", lambda found: CLASS_SETS.get(found[1], found[0]), text)
    text = re.sub(r"\\([ntr\\0])", lambda found: ESCAPES[found[1]], text)
    return re.sub(
        r"(.)-(.)",
        lambda found: "".join(chr(number) for number in range(ord(found[1]), ord(found[2]) + 1)),
        text,
        flags=re.DOTALL,
    )

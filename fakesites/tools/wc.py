"""wc, head and tail."""

from __future__ import annotations

import re

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._texts import decoded
from fakesites.tools._texts import encoded
from fakesites.tools._texts import read_all

WC = Grammar(
    flags="lwcmL",
    long=(("bytes", "c"), ("chars", "m"), ("lines", "l"), ("words", "w")),
)
ENDS = Grammar(
    flags="qvfF",
    values="nc",
    long=(("bytes=", "c"), ("follow", "f"), ("lines=", "n"), ("quiet", "q"), ("verbose", "v")),
)
PIPE_WIDTH = 7
NEWLINE = "\n"
OLD_STYLE = re.compile(r"-(\d+)([lc]?)")


@tool("wc", quiet=True)
def wc(call: ToolCall) -> int:
    """Write the numbers of lines, words and bytes."""
    options = WC.read(call.argv)
    if options.has("L"):
        raise NotSpoken("-L")
    if not options.words and set(options.values) == {"l"}:
        call.out(f"{call.stdin.count(NEWLINE)}\n")
        return 0
    texts = read_all(call, options.words)
    rows = [(_counts(text, options), name) for name, text in texts]
    if len(options.words) > 1:
        columns = zip(*(counts for counts, _ in rows), strict=True)
        rows.append((tuple(sum(column) for column in columns) or (0, 0, 0), "total"))
    sizes = sum(len(encoded(text)) for _, text in texts)
    width = len(str(sizes)) if options.words else PIPE_WIDTH
    if len(rows) == 1 and len(rows[0][0]) == 1:
        width = 1
    for counts, name in rows:
        cells = " ".join(str(count).rjust(width) for count in counts)
        call.out(f"{cells} {name}\n" if options.words else f"{cells}\n")
    return 0 if len(texts) >= len(options.words) else 1


def _counts(text: str, options: Options) -> tuple[int, ...]:
    chosen = options.has("l", "w", "c", "m")
    counts = (
        ("l", text.count("\n")),
        ("w", len(text.split())),
        ("m", len(text) if options.has("m") else None),
        ("c", len(encoded(text))),
    )
    return tuple(
        count
        for letter, count in counts
        if count is not None and (options.has(letter) or not chosen)
    )


def _amount(call: ToolCall) -> tuple[Options, str, str]:
    """Return the options, what is counted (n or c) and how much, e.g. "+2"."""
    argv = call.argv
    old = OLD_STYLE.fullmatch(argv[1]) if len(argv) > 1 else None
    if old is not None:
        argv = (argv[0], "-c" if old[2] == "c" else "-n", old[1], *argv[2:])
    options = ENDS.read(argv)
    unit = "c" if options.has("c") else "n"
    amount = options.get(unit, "10")
    if not re.fullmatch(r"[-+]?\d+", amount):
        kind = "bytes" if unit == "c" else "lines"
        raise UsageError(f"invalid number of {kind}: '{amount}'")
    return options, unit, amount


def _pieces(text: str, unit: str) -> list[str]:
    """Return the lines of *text*, with their ends, or its bytes."""
    if unit == "c":
        return [decoded(bytes([byte])) for byte in encoded(text)]
    found = [f"{line}\n" for line in text.split("\n")]
    found[-1] = found[-1][:-1]
    return found if found[-1] else found[:-1]


def _write_ends(call: ToolCall, *, at_end: bool) -> int:
    options, unit, amount = _amount(call)
    if options.has("f", "F"):
        raise NotSpoken("-f")
    texts = read_all(call, options.words, complaint="cannot open '{name}' for reading: {reason}")
    named = (len(options.words) > 1 or options.has("v")) and not options.has("q")
    for number, (name, text) in enumerate(texts):
        if named:
            shown = "standard input" if name == "-" else name
            call.out(f"{'' if number == 0 else chr(10)}==> {shown} <==\n")
        pieces = _pieces(text, unit)
        call.out("".join(_end(pieces, amount) if at_end else _begin(pieces, amount)))
    return 0 if len(texts) >= len(options.words) else 1


def _begin(pieces: list[str], amount: str) -> list[str]:
    count = int(amount)
    return pieces[: max(0, len(pieces) + count)] if amount.startswith("-") else pieces[:count]


def _end(pieces: list[str], amount: str) -> list[str]:
    count = abs(int(amount))
    if amount.startswith("+"):
        return pieces[max(0, count - 1) :]
    return pieces[-count:] if count else []


@tool("head", quiet=True)
def head(call: ToolCall) -> int:
    """Write the first lines or bytes."""
    return _write_ends(call, at_end=False)


@tool("tail", quiet=True)
def tail(call: ToolCall) -> int:
    """Write the last lines or bytes."""
    return _write_ends(call, at_end=True)

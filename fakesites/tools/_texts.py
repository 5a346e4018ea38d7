"""The texts that a filter reads: its files, or its standard input."""

from __future__ import annotations

from fakesites.tools import ToolCall


def decoded(data: bytes) -> str:
    """Return *data* as text that can be turned back into the same bytes."""
    return data.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """Return the bytes of *text*."""
    return text.encode("utf-8", "surrogateescape")


def lines(text: str) -> list[str]:
    """Return the lines of *text*, without their ends."""
    found = text.split("\n")
    if not found[-1]:
        found.pop()
    return found


def read_all(
    call: ToolCall, names: tuple[str, ...], *, complaint: str = "{name}: {reason}"
) -> list[tuple[str, str]]:
    """Return (name, text) of each readable file, "-" being standard input, complain of the rest.

    Without any *names* it is the standard input alone. Fewer texts than names mean failure.
    """
    if not names:
        return [("-", call.stdin)]
    found: list[tuple[str, str]] = []
    for name in names:
        try:
            found.append((name, call.stdin if name == "-" else read_text(call, name)))
        except OSError as error:
            text = complaint.format(name=name, reason=error.strerror)
            call.err(f"{call.argv[0]}: {text}\n" if text else "")
    return found


def read_text(call: ToolCall, name: str) -> str:
    """Return the text of one file. Raises OSError."""
    return decoded(call.read(name))

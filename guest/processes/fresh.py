"""Fresh pids in a text: both ends of the wire find them in the same way."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\d+")


def cut(text: str, first: int, count: int) -> list[str | int]:
    """Return *text* in pieces: strings, and offsets where one of *count* fresh pids stands."""
    pieces: list[str | int] = []
    begin = 0
    for found in NUMBER.finditer(text):
        offset = int(found.group()) - first
        if 0 <= offset < count:
            pieces += [text[begin : found.start()], offset]
            begin = found.end()
    return [*pieces, text[begin:]]

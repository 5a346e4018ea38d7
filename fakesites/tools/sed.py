"""sed: s///, d and p, with line numbers, $ and /re/ as addresses. Anything else is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._patterns import compiled
from fakesites.tools._texts import encoded
from fakesites.tools._texts import lines
from fakesites.tools._texts import read_all

SED = Grammar(
    flags="nErisu",
    values="e",
    long=(
        ("expression=", "e"),
        ("in-place", "i"),
        ("quiet", "n"),
        ("regexp-extended", "E"),
        ("silent", "n"),
    ),
)
ADDRESS = re.compile(r"\s*(?:(\d+|\$)(?:,(\d+|\$))?|/((?:[^/\\]|\\.)*)/)?\s*")
FLAGS = re.compile(r"[gpiI]*(?:\d+)?[gpiI]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """One command: its address (first and last line, or *where*), and what it does."""

    first: str
    last: str
    where: str
    verb: str
    pattern: str = ""
    put: str = ""
    flags: str = ""


@tool("sed", quiet=True)
def sed(call: ToolCall) -> int:
    """Edit the lines of the files."""
    options = SED.read(call.argv)
    scripts, words = options.values.get("e", ()), options.words
    if not scripts:
        if not words:
            raise UsageError("no script specified")
        scripts, words = (words[0],), words[1:]
    edits = script_of("\n".join(scripts))
    kind = "extended" if options.has("E", "r") else "basic"
    texts = read_all(call, words, complaint="can't read {name}: {reason}")
    for name, text in texts:
        edited = _edit(text, edits, kind, silent=options.has("n"))
        if options.has("i"):
            call.node.files.write(call.path(name), encoded(edited))
        else:
            call.out(edited)
    return 0 if len(texts) >= len(words) else 2


@lru_cache(maxsize=256)
def script_of(text: str) -> tuple[Edit, ...]:
    """Return the edits of a script. Raises NotSpoken for a command outside the subset."""
    edits: list[Edit] = []
    at = 0
    while at < len(text):
        if text[at] in "; \n\t":
            at += 1
            continue
        edit, at = _edit_at(text, at)
        edits.append(edit)
    return tuple(edits)


def _edit_at(text: str, begin: int) -> tuple[Edit, int]:
    address = ADDRESS.match(text, begin)
    assert address is not None, "an address may be empty, and so always matches"
    first, last, where = address[1] or "", address[2] or "", address[3] or ""
    at = address.end()
    verb = text[at : at + 1]
    if verb in ("d", "p") and text[at + 1 : at + 2] in ("", ";", "\n", " "):
        return Edit(first, last, where, verb), at + 1
    if verb != "s" or at + 1 >= len(text):
        raise NotSpoken(text)
    pieces, at = _pieces(text, at + 2, text[at + 1])
    flags = FLAGS.match(text, at)
    assert flags is not None, "flags may be empty, and so always match"
    return Edit(first, last, where, verb, pieces[0], pieces[1], flags[0]), flags.end()


def _pieces(text: str, begin: int, mark: str) -> tuple[list[str], int]:
    """Return the pattern and the replacement, which end at *mark* each, and what follows."""
    pieces: list[str] = []
    piece: list[str] = []
    at = begin
    while at < len(text) and len(pieces) < 2:
        if text[at] == "\\" and at + 1 < len(text):
            piece.append(text[at + 1] if text[at + 1] == mark else text[at : at + 2])
            at += 2
        elif text[at] == mark:
            pieces.append("".join(piece))
            piece = []
            at += 1
        else:
            piece.append(text[at])
            at += 1
    if len(pieces) < 2:
        raise UsageError(f"-e expression #1, char {len(text)}: unterminated `s' command")
    return pieces, at


def _edit(text: str, edits: tuple[Edit, ...], kind: str, *, silent: bool) -> str:
    found = lines(text)
    written: list[str] = []
    at_end = False
    for number, line in enumerate(found, start=1):
        shown: list[str] = []
        kept: str | None = line
        for edit in edits:
            if kept is not None and _applies(edit, kept, number, len(found), kind):
                kept = _apply(edit, kept, kind, shown)
        shown += [kept] if kept is not None and not silent else []
        written.extend(shown)
        at_end = number == len(found) and bool(shown)
    # A last line without an end is written without one, but what else is written last is not.
    whole = text.endswith("\n") or not at_end
    return "\n".join(written) + ("\n" if written and whole else "")


def _applies(edit: Edit, line: str, number: int, count: int, kind: str) -> bool:
    if edit.where:
        return compiled(edit.where, kind).search(line) is not None
    if not edit.first:
        return True
    first = count if edit.first == "$" else int(edit.first)
    last = first if not edit.last else count if edit.last == "$" else int(edit.last)
    return first <= number <= max(first, last)


def _apply(edit: Edit, line: str, kind: str, shown: list[str]) -> str | None:
    if edit.verb == "d":
        return None
    if edit.verb == "p":
        shown.append(line)
        return line
    flags = re.IGNORECASE if "i" in edit.flags.lower() else 0
    nth = int("".join(letter for letter in edit.flags if letter.isdigit()) or 1)
    changed = _substituted(edit, line, compiled(edit.pattern, kind, flags), nth)
    if changed != line and "p" in edit.flags:
        shown.append(changed)
    return changed


def _substituted(edit: Edit, line: str, pattern: re.Pattern[str], nth: int) -> str:
    count = 0

    def put(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        wanted = count >= nth if "g" in edit.flags else count == nth
        return _replacement(edit.put, found) if wanted else found[0]

    return pattern.sub(put, line)


def _replacement(text: str, found: re.Match[str]) -> str:
    def piece(each: re.Match[str]) -> str:
        if each[0] == "&":
            return found[0]
        letter = each[0][1]
        if letter.isdigit():
            return found[int(letter)] or ""
        return {"n": "\n", "t": "\t"}.get(letter, letter)

    return re.sub(r"\\.|&", piece, text)

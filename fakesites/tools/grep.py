"""grep: lines that match.

Models basic, extended and fixed patterns and the options that scripts use. Not modelled: -P,
context lines, colours, binary files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterator

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._patterns import compiled
from fakesites.tools._texts import lines
from fakesites.tools._texts import read_all

GREP = Grammar(
    flags="vicEFGxwonlLqHhrsI",
    values="em",
    long=(
        ("count", "c"),
        ("extended-regexp", "E"),
        ("files-with-matches", "l"),
        ("fixed-strings", "F"),
        ("ignore-case", "i"),
        ("invert-match", "v"),
        ("line-number", "n"),
        ("line-regexp", "x"),
        ("max-count=", "m"),
        ("no-filename", "h"),
        ("no-messages", "s"),
        ("only-matching", "o"),
        ("quiet", "q"),
        ("recursive", "r"),
        ("regexp=", "e"),
        ("silent", "q"),
        ("with-filename", "H"),
        ("word-regexp", "w"),
        ("color=", "color"),
        ("color", "color"),
    ),
    code=2,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a command line asks for: *simple* if it is just lines that match, or do not."""

    options: Options
    patterns: tuple[re.Pattern[str], ...]
    words: tuple[str, ...]
    simple: bool


@tool("grep", "egrep", "fgrep", quiet=True)
def grep(call: ToolCall) -> int:
    """Write the lines that match: 0 if there are any, 1 if not, 2 after an error."""
    plan = plan_of(call.argv)
    if plan.simple:
        return _filter(call, plan)
    options, words = plan.options, plan.words
    names = tuple(_files(call, words)) if options.has("r") else words
    complaint = "" if options.has("s") else "{name}: {reason}"
    found = read_all(call, names, complaint=complaint) if names or not options.has("r") else []
    named = (len(names) > 1 or options.has("H", "r")) and not options.has("h")
    hits = [_search(call, name, text, plan, named=named) for name, text in found]
    if any(hits) and (options.has("q") or len(found) == len(names or found)):
        return 0
    return 2 if len(found) < len(names) else 1


@lru_cache(maxsize=1024)
def plan_of(argv: tuple[str, ...]) -> Plan:
    """Return what *argv* asks for. Raises UsageError."""
    options = GREP.read(argv)
    texts, words = options.values.get("e", ()), options.words
    if not texts:
        if not words:
            raise UsageError("Usage: grep [OPTION]... PATTERNS [FILE]...", code=2)
        texts, words = (words[0],), words[1:]
    kind = _kind(argv[0], options)
    patterns = tuple(_pattern(piece, kind, options) for text in texts for piece in text.split("\n"))
    simple = not words and len(patterns) == 1 and set(options.values) <= set("viEFGxwe")
    return Plan(options, patterns, words, simple)


def _filter(call: ToolCall, plan: Plan) -> int:
    """Do the usual thing, which is to pass lines of standard input on."""
    pattern = plan.patterns[0]
    test = pattern.match if plan.options.has("x") else pattern.search
    if plan.options.has("v"):
        found = [line for line in lines(call.stdin) if not test(line)]
    else:
        found = [line for line in lines(call.stdin) if test(line)]
    if not found:
        return 1
    call.out("\n".join(found) + "\n")
    return 0


def _kind(name: str, options: Options) -> str:
    if options.has("F") or name.endswith("fgrep"):
        return "fixed"
    return "extended" if options.has("E") or name.endswith("egrep") else "basic"


def _pattern(text: str, kind: str, options: Options) -> re.Pattern[str]:
    flags = re.IGNORECASE if options.has("i") else 0
    pattern = compiled(text, kind, flags)
    if options.has("x"):
        return re.compile(f"(?:{pattern.pattern})\\Z", pattern.flags)
    if options.has("w"):
        return re.compile(f"(?<!\\w)(?:{pattern.pattern})(?!\\w)", pattern.flags)
    return pattern


def _files(call: ToolCall, words: tuple[str, ...]) -> Iterator[str]:
    """Yield every file below the folders *words*, sorted."""
    for word in words or (".",):
        real = call.real(word)
        if not real.is_dir():
            yield word
            continue
        for each in sorted(path for path in real.rglob("*") if path.is_file()):
            yield f"{word.rstrip('/')}/{each.relative_to(real)}"


def _search(
    call: ToolCall,
    name: str,
    text: str,
    plan: Plan,
    *,
    named: bool,
) -> int:
    """Write what was found in one file; return how many lines matched."""
    options, patterns = plan.options, plan.patterns
    begin = options.has("x")
    wanted = not options.has("v")
    limit = int(options.number("m", -1))
    head = f"{'(standard input)' if name == '-' else name}:" if named else ""
    written: list[str] = []
    count = 0
    for number, line in enumerate(lines(text), start=1):
        if count == limit:
            break
        hits = [p for p in patterns if (p.match(line) if begin else p.search(line))]
        if bool(hits) != wanted:
            continue
        count += 1
        place = f"{head}{number}:" if options.has("n") else head
        if options.has("o"):
            written.extend(f"{place}{found}\n" for found in _parts(hits, line))
        else:
            written.append(f"{place}{line}\n")
    _write(call, name, head, count, written, options)
    return count


def _parts(hits: list[re.Pattern[str]], line: str) -> list[str]:
    return [found[0] for hit in hits for found in hit.finditer(line) if found[0]]


def _write(
    call: ToolCall, name: str, head: str, count: int, written: list[str], options: Options
) -> None:
    if options.has("q"):
        return
    if options.has("l", "L"):
        call.out(f"{name}\n" if bool(count) == options.has("l") else "")
    elif options.has("c"):
        call.out(f"{head}{count}\n")
    else:
        call.out("".join(written))

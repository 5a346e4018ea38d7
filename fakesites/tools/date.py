"""date and sleep: virtual time, always in UTC."""

from __future__ import annotations

import re
from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Generator

import simpy

from fakesites.moments import date_text
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._entries import entry
from fakesites.tools._options import Grammar

DATE = Grammar(
    flags="uR",
    values="drs",
    long=(
        ("date=", "d"),
        ("iso-8601", "I"),
        ("iso-8601=", "I"),
        ("reference=", "r"),
        ("rfc-2822", "R"),
        ("rfc-email", "R"),
        ("universal", "u"),
        ("utc", "u"),
    ),
)
PLAIN = "%a %b %e %H:%M:%S UTC %Y"
MAIL = "%a, %d %b %Y %H:%M:%S +0000"
ISO = {"": "%Y-%m-%d", "date": "%Y-%m-%d", "seconds": "%Y-%m-%dT%H:%M:%S+00:00"}
SPANS_S = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86_400}
SUFFIXES_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@tool("date")
def date(call: ToolCall) -> int:
    """Write the virtual time."""
    # -I takes its value in the same word only, which the grammar does not know.
    argv = tuple(re.sub(r"^-I(.*)$", r"--iso-8601=\1", word) for word in call.argv)
    options = DATE.read(argv)
    if options.has("s"):
        raise UsageError("cannot set date: Operation not permitted")
    form = options.words[0][1:] if options.words and options.words[0].startswith("+") else PLAIN
    if options.words and not options.words[0].startswith("+"):
        raise UsageError(f"invalid date ‘{options.words[0]}’")
    if options.has("I"):
        form = ISO.get(options.get("I"), ISO["seconds"])
    elif options.has("R"):
        form = MAIL
    posix = call.node.wall()
    if options.has("d"):
        posix = moment_of(options.get("d"), now=posix)
    elif options.has("r"):
        call.node.settle()
        posix = entry(call.node.files, call.path(options.get("r")), follow=True).mtime
    zone = form.replace("%z", "+0000").replace("%Z", "UTC")
    call.out(date_text(posix, zone) + "\n")
    return 0


def moment_of(text: str, *, now: float) -> float:
    """Return the POSIX time that *text* names: @N, now, an ISO date, N units [ago]."""
    if re.fullmatch(r"@-?\d+(\.\d+)?", text):
        return float(text[1:])
    if text in ("now", ""):
        return now
    found = re.fullmatch(r"([-+]?\d+) ?([a-z]+?)s?( ago)?", text)
    if found is not None and found[2] in SPANS_S:
        return now + int(found[1]) * SPANS_S[found[2]] * (-1 if found[3] else 1)
    try:
        when = datetime.fromisoformat(text.removesuffix(" UTC").replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(f"invalid date ‘{text}’") from None
    return (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp()


@tool("sleep")
def sleep(call: ToolCall) -> Generator[simpy.Event, Any, int]:
    """Wait for the sum of the given times."""
    if len(call.argv) == 1:
        raise UsageError("missing operand")
    total = sum(seconds_of(word) for word in call.argv[1:])
    if total:
        yield call.node.clock.timeout(total)
    return 0


def seconds_of(word: str) -> float:
    """Return the seconds that ``1.5``, ``2m``, ``1h`` or ``1d`` mean. Raises UsageError."""
    found = re.fullmatch(r"(\d+\.?\d*|\.\d+)([smhd]?)", word)
    if found is None:
        raise UsageError(f"invalid time interval ‘{word}’")
    return float(found[1]) * SUFFIXES_S[found[2] or "s"]

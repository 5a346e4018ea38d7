"""What Slurm's programs share: how they find and ask the controller, and how they write things."""

from __future__ import annotations

import re
import time
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.slurm import ANSWER
from fakesites.slurm import CONFIG_PATH
from fakesites.slurm import PORT
from fakesites.slurm import QUESTION
from fakesites.slurm import Ask
from fakesites.slurm import SlurmError
from fakesites.tools import ToolCall
from fakesites.tools._texts import decoded
from simkernel import NetError
from simkernel import Request

Work = Generator[simpy.Event, Any, Any]

VERSION = "slurm-wlm 22.05.8\n"
CONFIG_S = 60.0
UNREACHED = "Unable to contact slurm controller (connect failure)"
FIELD = re.compile(r"%(\.?)(\d*)([A-Za-z])")
# Durations are never cut, their heads are.
UNCUT = "lLM"
DAY_S, HOUR_S = 86400, 3600


def find(call: ToolCall) -> Work:
    """Return (host, port) of the controller, or None after saying that there is no cluster."""
    program = call.argv[0].rsplit("/", 1)[-1]
    path = call.env.get("SLURM_CONF", CONFIG_PATH)
    try:
        text = decoded(call.read(path))
    except OSError:
        text = ""
    named = re.search(r"^SlurmctldHost=([\w.-]+)", text, re.M)
    if named is None:
        told = f"cannot stat file {path}: No such file or directory"
        call.err(f"{program}: error: s_p_parse_file: {told}, retrying in 1sec up to 60sec\n")
        yield call.node.clock.timeout(CONFIG_S)
        call.err(f"{program}: fatal: Could not establish a configuration source\n")
        return None
    port = re.search(r"^SlurmctldPort=(\d+)", text, re.M)
    return named[1], int(port[1]) if port else PORT


def ask(call: ToolCall, what: str, **given: Any) -> Work:
    """Return the controller's answer. Raises SlurmError, also where nobody answers."""
    place = yield from find(call)
    if place is None:
        raise SlurmError("")
    host, port = place
    request = Request("SLURM", host, port, what, source=call.node.name, who=call.owner)
    request.notes[QUESTION] = Ask(what, given)
    network = call.node.network
    try:
        service = yield from network.connect(call.node.name, host, port, who=call.owner)
        yield from network.exchange(service, request)
    except NetError as error:
        raise SlurmError(UNREACHED) from error
    answer = request.notes[ANSWER]
    if isinstance(answer, SlurmError):
        raise answer
    return answer


def duration(seconds: float, *, hours: bool = False) -> str:
    """Return a duration as Slurm writes it: 0:05, 1:00:00, 1-00:00:00; *hours* always has them."""
    days, rest = divmod(int(seconds), DAY_S)
    hour, rest = divmod(rest, HOUR_S)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    if days:
        return f"{days}-{hour:02d}:{text}"
    if hours:
        return f"{hour:02d}:{text}"
    return f"{hour}:{text}" if hour else f"{rest // 60}:{rest % 60:02d}"


def instant(call: ToolCall, when: float) -> str:
    """Return an instant as Slurm writes it, "Unknown" for one that has not come."""
    if when < 0.0:
        return "Unknown"
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(call.node.clock.epoch + when))


def row(form: str, value: Callable[[str], str]) -> str:
    """Return one line by *form* (%.18i %N …), each letter of which *value* tells."""

    def cell(match: re.Match[str]) -> str:
        text = value(match[3])
        if not match[2]:
            return text
        width = int(match[2])
        if match[3] in UNCUT and not text[:1].isalpha():
            return text.rjust(width) if match[1] else text.ljust(width)
        return text[:width].rjust(width) if match[1] else text[:width].ljust(width)

    return f"{FIELD.sub(cell, form)}\n"


def wrong_option(call: ToolCall, text: str, *, code: int = 1) -> int:
    """Say that an option is unknown, as getopt and Slurm do."""
    program = call.argv[0].rsplit("/", 1)[-1]
    call.err(f'{program}: {text}\nTry "{program} --help" for more information\n')
    return code


def fatal(call: ToolCall, error: SlurmError, prefix: str) -> int:
    """Say what the controller, or its absence, makes of a request."""
    if error.text:
        call.err(f"{prefix}{error.text}\n")
    return 1

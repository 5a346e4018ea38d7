"""A guest that says nothing for a long real time, or has died: where it stands, and whose fault.

The one place where real time counts: no two such reports need be alike. A guest that computes and
has the pilot's code on its stack is the pilot's endless loop; one that sleeps in the kernel waits
in a call that is not simulated, which is ours.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from harness.guests import Gone
from harness.guests import GuestProcess
from harness.guests import Silent
from simkernel import HarnessError

BOOT = b"boot.py"
SAMPLES = 10
SAMPLE_S = 0.05
ANSWER_S = 5.0
STACK_MAX = 4000
MEMORY_ENDED, RUNTIME_BROKEN = 71, 70
# SIGSYS, seen by its parent, and as the walls hand it on.
KERNEL_ENDED = (-int(signal.SIGSYS), 256 - signal.SIGSYS)
ENDS = {
    MEMORY_ENDED: "limit: memory, in the midst of the runtime",
    RUNTIME_BROKEN: "runtime: the guest's own runtime has raised; see its output",
    **dict.fromkeys(
        KERNEL_ENDED, "refused: the kernel has ended the guest for a system call of native code"
    ),
}


def examine(guest: GuestProcess, error: HarnessError) -> tuple[str, str]:
    """Return why *guest* makes no progress (the first word is the kind), and its stacks."""
    if isinstance(error, Silent):
        return _where(guest)
    if isinstance(error, Gone):
        return _how_it_ended(guest), ""
    return error.what, ""


def _how_it_ended(guest: GuestProcess) -> str:
    try:
        code = guest.child.wait(ANSWER_S)
    except OSError:
        code = 0
    return ENDS.get(code, f"died: the guest's process has ended with {code}; see its output")


def _where(guest: GuestProcess) -> tuple[str, str]:
    family = _interpreters(guest.child.pid)
    if not family:
        return "blocked: its interpreter has not come up", ""
    # Of those that a fork has made all but this one wait for us.
    pid = next(filter(_computes, family), family[-1]) if len(family) > 1 else family[0]
    computes = _computes(pid)
    before = guest.output.stat().st_size
    os.kill(pid, signal.SIGUSR2)
    found = guest.where(ANSWER_S)
    place = f" at {found['place']}" if found.get("place") else ""
    stacks = found.get("stacks") or _tail(guest, before)
    waited = f"{guest.patience_s:.0f} s of real time"
    if not computes:
        return f"blocked: a call that is not simulated waits since {waited}{place}", stacks
    # Without an answer it is in C code; only bytecode of the pilot's is sure to be the pilot's.
    kind = "busy" if place else "runtime"
    return f"{kind}: has computed for {waited} without a word{place}", stacks


def _computes(pid: int) -> bool:
    """Tell whether *pid* uses a processor, rather than wait for something."""
    running = 0
    for _ in range(SAMPLES):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        running += fields.rpartition(") ")[2].startswith("R")
        time.sleep(SAMPLE_S)  # noqa: TID251 - the one place where real time counts
    return running * 2 > SAMPLES


def _interpreters(pid: int) -> list[int]:
    """Return the processes that run a guest's interpreter and its copies: *pid*, or below it."""
    waiting, found = [pid], []
    while waiting:
        each = waiting.pop(0)
        process = Path(f"/proc/{each}")
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if any(word.endswith(BOOT) for word in words[1:4]):
                found.append(each)
            children = (process / "task" / str(each) / "children").read_text(encoding="ascii")
        except OSError:
            continue
        waiting += map(int, children.split())
    return found


def _tail(guest: GuestProcess, begin: int) -> str:
    """Return what the interpreter itself has written to the guest's output since *begin*."""
    with guest.output.open("rb") as output:
        output.seek(begin)
        return output.read()[-STACK_MAX:].decode("utf-8", "replace")

"""kill, pkill's careful relative, and pstree."""

from __future__ import annotations

import re
import signal as signals

from fakesites.machine import comm
from fakesites.processes import DELIVERED
from fakesites.processes import NO_PROCESS
from fakesites.processes import Process
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools.env import signal_number

REASONS = {NO_PROCESS: "No such process"}
PSTREE = Grammar(flags="paulcnA", long=(("show-pids", "p"), ("arguments", "a")))


@tool("kill")
def kill(call: ToolCall) -> int:
    """Send a signal to processes, or with a negative number to groups."""
    words = list(call.argv[1:])
    if words[:1] == ["-l"]:
        call.out(" ".join(each.name.removeprefix("SIG") for each in signals.Signals) + "\n")
        return 0
    number = signals.SIGTERM.value
    if words[:1] in (["-s"], ["-n"], ["-S"]) and len(words) > 1:
        number = signal_number(words[1])
        words = words[2:]
    elif words and re.fullmatch(r"-(\d+|[A-Za-z]\w*)", words[0]):
        number = signal_number(words.pop(0)[1:])
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        raise UsageError("usage: kill [-s sigspec | -signum] pid ...", code=2)
    return max(_send(call, word, number) for word in words)


def _send(call: ToolCall, word: str, number: int) -> int:
    where = "bash: line 1: kill" if call.argv[0] == "kill" else call.argv[0]
    if not re.fullmatch(r"-?\d+", word):
        call.err(f"{where}: {word}: arguments must be process or job IDs\n")
        return 1
    table, pid = call.node.processes, int(word)
    if pid > 0:
        result = table.signal(pid, number, by=call.owner)
    else:
        pgid = -pid or table.getpgid(call.pid)
        result = table.kill_group(pgid, number, by=call.owner)
    if result == DELIVERED:
        return 0
    call.err(f"{where}: ({word}) - {REASONS.get(result, 'Operation not permitted')}\n")
    return 1


@tool("pstree")
def pstree(call: ToolCall) -> int:
    """Draw the processes below one process, or below pid 1."""
    options = PSTREE.read(call.argv)
    table = call.node.processes
    words = [word for word in options.words if word.isdigit()]
    root = table.find(int(words[0]) if words else 1)
    if root is None:
        return 1
    with_pids = options.has("p")
    call.out("\n".join(_tree(table.rows(), root, with_pids=with_pids)) + "\n")
    return 0


def _tree(rows: list[Process], process: Process, *, with_pids: bool) -> list[str]:
    """Return the lines of a tree, the first child beside its parent."""
    name = comm(process) + (f"({process.pid})" if with_pids else "")
    children = [each for each in rows if each.ppid == process.pid]
    if not children:
        return [name]
    found: list[str] = []
    for number, child in enumerate(children):
        last = number == len(children) - 1
        mark = "---" if len(children) == 1 else "-+-" if not number else " `-" if last else " |-"
        head = name if not number else " " * len(name)
        inner, *rest = _tree(rows, child, with_pids=with_pids)
        found.append(f"{head}{mark}{inner}")
        bar = "   " if last else " | "
        found.extend(" " * len(name) + bar + line for line in rest)
    return found

"""Switches inside bytecode: a thread loses its turn between a read and the write that follows.

``sys.monitoring`` (Python 3.12 and later) tells of each instruction of the program's own code that
touches what threads share: attributes, globals, closures, items. Each of them is a point at which
another strand may go on. Never preempted: the runtime, the hub, an import that is under way.
"""

from __future__ import annotations

import dis
import sys

from greenlet import getcurrent

from guest.stacks import OURS

TOOL = 4
SHARED = (
    "ATTR",
    "DELETE_DEREF",
    "DELETE_GLOBAL",
    "DELETE_NAME",
    "STORE_DEREF",
    "STORE_GLOBAL",
    "STORE_NAME",
    "SUBSCR",
    "STORE_SLICE",
    "CONTAINS_OP",
)
# Those of the runtime that call the program and hold nothing meanwhile.
CALLERS = tuple(
    f"{OURS}{name}.py"
    for name in (
        "boot",
        "concurrency/forks",
        "concurrency/handles",
        "concurrency/sentinels",
        "concurrency/threads",
        "lifetime",
        "program",
    )
)


class Preemption:
    """Counts the instructions of the program that matter, and preempts those that are chosen."""

    def __init__(self, chooser, hub, folders):
        self._chooser = chooser
        self._hub = hub
        self._folders = tuple(f"{folder}/" for folder in folders)
        self._matters = {}

    def install(self):
        """Have the interpreter tell of instructions; raises RuntimeError before Python 3.12."""
        if sys.version_info < (3, 12):
            raise RuntimeError("switching inside bytecode needs Python 3.12")
        monitoring = sys.monitoring
        events = monitoring.events
        monitoring.use_tool_id(TOOL, "flightsim")
        monitoring.register_callback(TOOL, events.PY_START, self.begin)
        monitoring.register_callback(TOOL, events.INSTRUCTION, self.step)
        monitoring.set_events(TOOL, events.PY_START)

    def begin(self, code, offset):
        """A function is entered for the first time: watch it, if it is the program's."""
        if code.co_filename.startswith(self._folders):
            self._matters[code] = frozenset(
                each.offset for each in dis.get_instructions(code) if _is_shared(each.opname)
            )
            sys.monitoring.set_local_events(TOOL, code, sys.monitoring.events.INSTRUCTION)
        return sys.monitoring.DISABLE

    def step(self, code, offset):
        """An instruction of the program is about to run."""
        if offset not in self._matters[code]:
            return sys.monitoring.DISABLE
        hub = self._hub
        if hub.ready or (hub.timers and hub.timers[0][0] <= hub.now):
            chooser = self._chooser
            chooser.bytecodes += 1
            if chooser.bytecodes >= chooser.preempt_at and self._may_pass(sys._getframe(1)):
                # Other strands are to be told of their instructions meanwhile.
                sys.call_tracing(chooser.preempt, ())
        return None

    def _may_pass(self, frame):
        if getcurrent() is self._hub.root:
            return False
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith("<frozen importlib"):
                return False
            if name.startswith(OURS) and name not in CALLERS:
                return False
            frame = frame.f_back
        return True


def _is_shared(name):
    return any(part in name for part in SHARED)


def install(chooser, hub, folders):
    """Let *chooser* preempt the code of the program, which lies in *folders*."""
    Preemption(chooser, hub, folders).install()

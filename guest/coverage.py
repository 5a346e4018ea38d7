"""Which lines of the program were reached, by the interpreter's own means.

From Python 3.12 on ``sys.monitoring`` tells of each line once; before, a trace function sees every
line of the functions that still have lines not reached. No line of the runtime or the library is
measured. The program's clock, chance and files know nothing of it.
"""

from __future__ import annotations

import sys
from sys import settrace as real_settrace

TOOL = 3


class Coverage:
    """Measures the files below *folder* between ``start`` and ``stop``."""

    def __init__(self, hub, folder):
        self._hub = hub
        self._prefix = f"{folder}/"
        self._seen = {}
        self._left = {}

    def start(self):
        """Begin to measure."""
        if hasattr(sys, "monitoring"):
            events = sys.monitoring.events
            sys.monitoring.use_tool_id(TOOL, "flightsim coverage")
            sys.monitoring.register_callback(TOOL, events.LINE, self._line)
            sys.monitoring.set_events(TOOL, events.LINE)
        else:
            self._start_in_strands()

    def _start_in_strands(self):
        # Until 3.11 whether functions are traced belongs to the C stack: each strand has its own.
        import dis

        self._lines_of = dis.findlinestarts
        spawn = self._hub.spawn

        def traced(work):
            def begin():
                real_settrace(self._trace)
                work()

            return spawn(begin)

        self._hub.spawn = traced

    def stop(self):
        """Measure no more."""
        if hasattr(sys, "monitoring"):
            sys.monitoring.set_events(TOOL, 0)
        else:
            real_settrace(None)

    def seen(self):
        """Return the lines that were reached, in order, by file below the folder."""
        cut = len(self._prefix)
        return {name[cut:]: sorted(self._seen[name]) for name in sorted(self._seen)}

    def _line(self, code, line):
        if code.co_filename.startswith(self._prefix):
            self._seen.setdefault(code.co_filename, set()).add(line)
        return sys.monitoring.DISABLE

    def _trace(self, frame, event, arg):
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            if not code.co_filename.startswith(self._prefix):
                return None
            left = self._left[code] = {line for _, line in self._lines_of(code) if line}
            self._seen.setdefault(code.co_filename, set())
        # A function whose lines have all been reached costs no more than its call.
        return self._trace_line if left else None

    def _trace_line(self, frame, event, arg):
        if event == "line":
            code = frame.f_code
            line = frame.f_lineno
            left = self._left[code]
            if line in left:
                left.discard(line)
                self._seen[code.co_filename].add(line)
            if not left:
                return None
        return self._trace_line

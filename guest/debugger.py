"""pdb with the threads of a guest, which are strands of one interpreter."""

from __future__ import annotations

import builtins
import pdb
import sys
import threading

from guest.stacks import frames
from guest.stacks import is_ours
from guest.stacks import name_of
from guest.stacks import strands
from guest.trouble import waits

TOOL = 4
GOES_ON = -1
"""What bdb notes as the line to stop at, when it is not to stop (Lib/bdb.py, set_continue)."""


class Debugger(pdb.Pdb):
    """pdb on a frame in the midst of a wait; the runtime's own frames are passed over.

    *debugging* has the terminal; *settrace* is the interpreter's, for all strands at once.
    """

    def __init__(self, hub, debugging, settrace):
        # Objects of their own for the descriptors of a terminal: line editing wants those.
        stdin = open(0, closefd=False)  # noqa: SIM115 - they close nothing
        stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
        skipped = ["guest", "guest.*"]
        super().__init__(None, stdin, stdout, skip=skipped, nosigint=True, readrc=False)
        self.use_rawinput = 1
        self._hub = hub
        self._debugging = debugging
        self._settrace = settrace
        self._quits = False

    def look_at(self, frame):
        """Prompt at *frame*; return when the user lets the program go on."""
        self.reset()
        self._show(frame)
        self.set_continue()
        self.interaction(frame, None)
        if self.breaks or self.stoplineno != GOES_ON:
            self._settrace(self.trace_dispatch)
            for strand in strands(self._hub):
                self._trace(frames(self._hub, strand))

    def interaction(self, frame, raised):
        """Prompt on the terminal, wherever the program stands."""
        # So that 'p threading.enumerate()' works in whatever module that is.
        is_new = not hasattr(builtins, "threading")
        builtins.threading = threading
        try:
            with self._debugging.talking():
                super().interaction(frame, raised)
        finally:
            if is_new:
                del builtins.threading
        if self._quits:
            self._settrace(None)
            self._debugging.quit()

    def set_quit(self):
        """Quit: the flight ends, and the program is not told by an exception."""
        super().set_quit()
        self._quits = True

    def do_threads(self, arg):
        """threads
        List the threads and what each waits for.
        """
        for each in waits(self._hub):
            mark = "->" if each.strand is self._hub.current else "  "
            self.message(f"{mark} {each}")

    def do_thread(self, arg):
        """thread NAME
        Look at the stack of another thread, by its name or the number of its strand.
        """
        for strand in strands(self._hub):
            inner = [each for each in frames(self._hub, strand) if not is_ours(each)]
            if arg in (name_of(strand), str(strand.ident)) and inner:
                self._show(inner[0])
                self.setup(inner[0], None)
                self.print_stack_entry(self.stack[self.curindex])
                return
        self.error(f"no thread {arg!r} has a stack; see: threads")

    def _show(self, frame):
        """Show the stack of *frame* down to where the program began, and no further."""
        while frame is not None:
            if not is_ours(frame):
                self.botframe = frame
            frame = frame.f_back

    def _trace(self, inner):
        """Have the interpreter tell of the lines of frames that run already."""
        for frame in inner:
            if not is_ours(frame):
                frame.f_trace = self.trace_dispatch
                _instrument(frame.f_code)


def _instrument(code):
    # From Python 3.12 on the bytecode itself is changed to tell of lines, when a function is
    # entered. Frames of other strands have been entered long ago, and the interpreter, which
    # looks for frames that run, does not see them: a change of their events has it done at once.
    if sys.version_info >= (3, 12):
        monitoring = sys.monitoring
        monitoring.use_tool_id(TOOL, "flightsim debugger")
        monitoring.set_local_events(TOOL, code, monitoring.events.LINE)
        monitoring.set_local_events(TOOL, code, 0)
        monitoring.free_tool_id(TOOL)

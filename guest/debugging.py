"""The ordinary debugger, in a guest whose time stands still.

At the instant that the host names, the main thread enters pdb on the terminal that was handed in,
in the midst of whatever it waits for. While the prompt waits, nothing of the program runs: what
blocks is the whole interpreter. ``c`` goes on and changes nothing; ``q`` ends the flight.
Beside pdb's own commands there are ``threads`` and ``thread NAME``, to look at another one.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from sys import settrace as real_settrace

from guest.stacks import frames
from guest.stacks import is_ours
from guest.stacks import is_program
from guest.stacks import name_of

STOP = "stop"


class Debugging:
    """Stops the main strand of *hub* for pdb on *terminal* (descriptors to read and write)."""

    def __init__(self, hub, host, terminal):
        self._hub = hub
        self._host = host
        self._terminal = terminal
        self._inner = hub.handle_signal
        self._debugger = None
        hub.handle_signal = self._handle

    def take(self, item):
        """The host wants the program to stop at this instant."""
        self._hub.interrupt(STOP)

    @contextmanager
    def talking(self):
        """Let the terminal be the program's input and output for a while."""
        kept = [os.dup(0), os.dup(1)]
        streams = sys.stdin, sys.stdout
        for stream in streams:
            _flush(stream)
        for number, real in enumerate(self._terminal):
            os.dup2(real, number)
        sys.stdin, sys.stdout = self._debugger.stdin, self._debugger.stdout
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stdin, sys.stdout = streams
            for number, before in enumerate(kept):
                os.dup2(before, number)
                os.close(before)

    def quit(self):
        """End the flight: whoever debugs it has seen enough."""
        self._host.note("quit")
        self._hub.end((0, 0))

    def _handle(self, number):
        if number is not STOP:
            self._inner(number)
            return
        from guest.debugger import Debugger

        hub = self._hub
        if self._debugger is None:
            self._debugger = Debugger(hub, self, real_settrace)
        with self.talking():
            strand = name_of(hub.current)
            print(f"> stopped at {hub.now:.6f} s, in {strand}; c goes on, q ends the flight")
        self._debugger.look_at(_nearest(frames(hub, hub.current), hub.folder))


def _nearest(inner, folder):
    """Return the innermost frame of the program, else of the library."""
    foreign = [frame for frame in inner if not is_ours(frame)]
    mine = [frame for frame in foreign if is_program(frame, folder)]
    return (mine or foreign or inner)[0]


def _flush(stream):
    try:
        stream.flush()
    except (AttributeError, OSError, ValueError):
        pass

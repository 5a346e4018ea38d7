"""What a flight wants of a guest besides flying: its schedule, its limits, what is to be seen.

Imported first, while the functions of the interpreter are still the real ones.
"""

from __future__ import annotations

import os
from _signal import SIGUSR2
from _signal import signal as real_signal
from faulthandler import register as real_register
from faulthandler import unregister as real_unregister

from guest.coverage import Coverage
from guest.debugging import Debugging
from guest.stacks import is_ours
from guest.stacks import is_program
from guest.stacks import place_of
from guest.trouble import cycles
from guest.trouble import looked
from guest.trouble import told
from guest.trouble import waits

MEMORY_ENDED = 71
"""The exit status of an interpreter whose runtime has met the limit of memory (EX_OSERR)."""


class Instruments:
    """The instruments that *config* asks for, on one guest."""

    def __init__(self, hub, host, config):
        self._hub = hub
        self._host = host
        self._config = config.get("instruments", {})
        self._folders = [f"{config['root']}/{name}" for name in ("pilot", "work")]
        self._coverage = None
        self._limits = None
        hub.folder = config["root"]
        host.wire.looks["trouble"] = lambda: looked(hub)

    def install(self):
        """Put them in place; the fence does not stand yet."""
        given, hub, host = self._config, self._hub, self._host
        self._watch()
        if "schedule" in given:
            from guest import schedules

            schedules.install(hub, host, {**given["schedule"], "folders": self._folders})
        if given.get("coverage"):
            self._coverage = Coverage(hub, self._folders[0])
            host.wire.looks["coverage"] = self._coverage.seen
        if "terminal" in given:
            host.takers["debug"] = Debugging(hub, host, given["terminal"]).take
        if "limits" in given:
            from guest.limits import Limits

            self._limits = Limits(hub.give_up, **given["limits"])

    def start(self):
        """Begin to measure and to limit: the program comes next."""
        if self._coverage is not None:
            self._coverage.start()
        if self._limits is not None:
            self._limits.install()

    def land(self):
        """The program is over: say what is left to be said."""
        if self._coverage is not None:
            self._coverage.stop()
            self._host.note("coverage", **self._coverage.seen())
        rings = cycles(waits(self._hub))
        if rings:
            seen = looked(self._hub)
            self._host.note("trouble", why=f"deadlock: {seen['cycles'][0]}", stacks=seen["stacks"])

    def part(self):
        """In a forked copy only bytecode can say where it is: the filter knows its parent's pid."""
        real_unregister(SIGUSR2)

    def _watch(self):
        # The host sends this signal, in real time, to a guest that has long said nothing. What C
        # code is busy with is written at once; the rest as soon as bytecode runs again.
        real_signal(SIGUSR2, self._say_where)
        real_register(SIGUSR2, file=os.dup(2), all_threads=False, chain=True)

    def _say_where(self, number, frame):
        folder = self._hub.folder
        inner = frame
        while frame is not None and not is_program(frame, folder):
            frame = frame.f_back
        place = "" if frame is None else place_of(frame, folder)
        within = is_ours(inner) if inner is not None else True
        self._host.wire.send(
            {
                "m": "where",
                "t": self._hub.now,
                "place": place,
                "ours": within,
                "stacks": told(self._hub),
            }
        )

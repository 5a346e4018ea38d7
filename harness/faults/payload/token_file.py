"""A token lies in the work directory, and is the newest file there."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import partial

import simpy

from harness.faults import Fuse
from harness.faults import PayloadRun
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.payload._models import ON
from simkernel import Clock

# Shaped like a token of RFC 7519, and worth nothing.
TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmbGlnaHRzaW0ifQ.bm90LWEtc2lnbmF0dXJl\n"


@fault("token_file", on=ON, about="keep a token in the work directory, newer than any log")
@dataclass(frozen=True, slots=True)
class TokenFile:
    """Write the token to *name* every *every_s* seconds, as a service that renews it does."""

    name: str = "panda_token"
    every_s: float = 60.0

    def install(self, trigger: Fuse) -> None:
        """Stand beside the payload."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, run: PayloadRun, proceed: Proceed, *, clock: Clock) -> Work:
        """Let the payload live, and the token be renewed meanwhile."""
        renewing = clock.process(self._renew(run, clock))
        try:
            return (yield from proceed())
        finally:
            if renewing.is_alive:
                renewing.interrupt()

    def _renew(self, run: PayloadRun, clock: Clock) -> Work:
        files, path = run.call.node.files, posixpath.join(run.call.cwd, self.name)
        try:
            while True:
                files.real(path).write_text(TOKEN, encoding="ascii")
                files.stamp(path)
                yield clock.timeout(self.every_s)
        except simpy.Interrupt:
            return

"""The tool leaves a daemon behind that keeps its output open."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import ToolCall
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work

OWNER = "site"


@fault("daemon", on=("tool.*",), about="work as always, leave a daemon that holds the output")
@dataclass(frozen=True, slots=True)
class Daemon:
    """Work as always; *name* stays, in a session of its own, with the tool's stdout and stderr.

    Who reads the tool's output until its end waits for a process that never ends. It is the
    site's, not the pilot's: nobody has to clean it up.
    """

    name: str = "cached"

    def install(self, trigger: Fuse) -> None:
        """Stand behind the tool."""
        trigger.on_calls(self.around)

    def around(self, call: ToolCall, proceed: Proceed) -> Work:
        """Let the tool work, then leave the daemon."""
        code = yield from proceed()
        argv = (self.name, "--daemon")
        call.node.processes.leave_daemon(argv, behind=call.pid, owner=OWNER)
        return code

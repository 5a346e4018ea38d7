"""The server answers bytes that are no text, with status 200."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.server._answers import form_for
from harness.faults.server._answers import page
from simkernel import Request

# No valid UTF-8, and neither JSON nor url-encoded text: it begins like gzip and breaks off.
GARBAGE = b"\x1f\x8b\x08\x00\xff\xfe\x00{\x80\x81\xc3\x28\n"


@fault("garbage", on=("server.*",), about="answer 200 with bytes that are no text, do nothing")
@dataclass(frozen=True, slots=True)
class Garbage:
    """Answer bytes that cannot be decoded, under the content type that was asked for."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the endpoint."""
        trigger.on_calls(self.around)

    def around(self, request: Request, _proceed: Proceed) -> Work:
        """Answer in the server's place."""
        yield from ()
        return page(200, GARBAGE, kind=form_for(request))

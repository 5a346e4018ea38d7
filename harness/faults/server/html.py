"""A proxy or a load balancer answers a web page, with status 200."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.server._answers import page
from simkernel import Request

# The "a=b" matters: read as url-encoded text the page is not empty, so a client that falls back
# to that takes it for an answer (protocol reference, 1.1: pilot3@a090538b:pilot/util/https.py).
PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Service page</title></head>\n"
    '<body><h1>Maintenance</h1><p>Please <a href="/status?page=now&amp;lang=en">look here</a>.'
    "</p></body></html>\n"
)


@fault("html", on=("server.*",), about="answer 200 with an HTML page, do nothing")
@dataclass(frozen=True, slots=True)
class Html:
    """Answer a web page in place of data."""

    def install(self, trigger: Fuse) -> None:
        """Stand before the endpoint."""
        trigger.on_calls(self.around)

    def around(self, _request: Request, _proceed: Proceed) -> Work:
        """Answer in the server's place."""
        yield from ()
        return page(200, PAGE.encode(), kind="text/html; charset=utf-8")

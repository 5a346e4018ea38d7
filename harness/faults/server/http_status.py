"""The web server in front of PanDA answers with a status of its own."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.server._answers import page
from simkernel import Request


@fault("http_status", on=("server.*",), about="answer with an HTTP status, do nothing")
@dataclass(frozen=True, slots=True)
class HttpStatus:
    """Answer with *status* instead of calling the endpoint."""

    status: int = 503

    def install(self, trigger: Fuse) -> None:
        """Stand before the endpoint."""
        trigger.on_calls(self.around)

    def around(self, _request: Request, _proceed: Proceed) -> Work:
        """Answer in the server's place."""
        yield from ()
        names = {each.value: each.phrase for each in HTTPStatus}
        title = f"{self.status} {names.get(self.status, 'Unknown')}"
        html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
        return page(self.status, html.encode(), kind="text/html")

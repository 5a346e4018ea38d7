"""PanDA itself says no: a StatusCode other than 0 in an answer with HTTP status 200."""

from __future__ import annotations

import json
from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.server._answers import JSON
from harness.faults.server._answers import Answer
from harness.faults.server._answers import form_for
from harness.faults.server._answers import is_new_dialect
from harness.faults.server._answers import page
from simkernel import Request

# panda-server@9cc3603:pandaserver/jobdispatcher/Protocol.py names the codes; the texts of the
# first three are what pilot_api.py and the legacy dispatcher say with them.
TEXTS = {
    10: "Timed out",
    20: "No jobs in PanDA",
    30: "Failed",
    50: "Invalid token",
    60: "no production/pilot role in VOMS FQANs or non pilot owner",
    70: "Permission denied",
    80: "Key pair missing",
    90: "Proxy retrieval failed",
}


@fault("status_code", on=("server.*",), about="answer with a StatusCode, do nothing")
@dataclass(frozen=True, slots=True)
class StatusCode:
    """Answer with StatusCode *value* (10 time-out, 20 no jobs, 60 role …), do nothing."""

    value: int = 10

    def install(self, trigger: Fuse) -> None:
        """Stand before the endpoint."""
        trigger.on_calls(self.around)

    def around(self, request: Request, _proceed: Proceed) -> Work:
        """Answer in the server's place, in the dialect of the request."""
        yield from ()
        text = TEXTS.get(self.value, f"StatusCode {self.value}")
        if is_new_dialect(request):
            whole = {"success": False, "message": text, "data": {"StatusCode": self.value}}
            return page(200, json.dumps(whole).encode(), kind=JSON)
        fields = {"StatusCode": self.value, "errorDialog": text}
        form = form_for(request)
        return page(200, Answer(fields, form).body(), kind=form)

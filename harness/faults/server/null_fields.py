"""The server answers, with nulls where values belong."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.server._answers import read_answer
from harness.faults.server._answers import with_body
from simkernel import Request


@fault("null_fields", on=("server.*",), about="answer with nulls in place of values")
@dataclass(frozen=True, slots=True)
class NullFields:
    """Null the *fields* named, or all but StatusCode; a name that is missing is added."""

    fields: tuple[str, ...] = ()

    def install(self, trigger: Fuse) -> None:
        """Stand behind the endpoint."""
        trigger.on_calls(self.around)

    def around(self, _request: Request, proceed: Proceed) -> Work:
        """Let the request through and empty its answer."""
        response = yield from proceed()
        answer = read_answer(response)
        if answer is None:
            return response
        names = self.fields or tuple(name for name in answer.fields if name != "StatusCode")
        fields = {**answer.fields, **dict.fromkeys(names)}
        return with_body(response, replace(answer, fields=fields).body())

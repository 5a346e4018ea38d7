"""The server sends an instruction along with its answer: the back-channel."""

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


@fault("command", on=("server.update_job",), about="answer with an instruction to the pilot")
@dataclass(frozen=True, slots=True)
class Command:
    """Answer with *command*: tobekilled, softkill, debug, debugoff, ``tail FILE``, badattemptnr …

    Read from panda-server@9cc3603:pandaserver/taskbuffer/db_proxy_mods/job_complex_module.py.
    """

    command: str = "tobekilled"

    def install(self, trigger: Fuse) -> None:
        """Stand behind the endpoint."""
        trigger.on_calls(self.around)

    def around(self, _request: Request, proceed: Proceed) -> Work:
        """Let the request through and add the instruction to its answer."""
        response = yield from proceed()
        answer = read_answer(response)
        if answer is None:
            return response
        fields = {**answer.fields, "command": self.command}
        return with_body(response, replace(answer, fields=fields).body())

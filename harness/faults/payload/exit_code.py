"""The payload does its work, leaves its outputs, and exits with a code."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model


@fault("exit_code", on=ON, about="exit with a code, and words on stderr")
@dataclass(frozen=True, slots=True)
class ExitCode:
    """Exit with *code*; *stderr* is one line more on its standard error."""

    code: int = 1
    stderr: str = ""

    def install(self, trigger: Fuse) -> None:
        """Change the payload before it begins."""
        words = (self.stderr,) if self.stderr else ()
        change_model(
            trigger,
            lambda model: replace(
                model, exit_code=self.code, stderr_lines=(*model.stderr_lines, *words)
            ),
        )

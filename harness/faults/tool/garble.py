"""The tool works, and its output has other values in it than anybody expects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import ScenarioError


@fault("garble", on=("tool.*",), about="work as always, with other words in the output")
@dataclass(frozen=True, slots=True)
class Garble:
    """Put *instead* (``\\1`` is a group) wherever *pattern* fits the standard output."""

    pattern: str = r"\d+"
    instead: str = "None"

    def __post_init__(self) -> None:
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ScenarioError(f"pattern = {self.pattern!r}: {error}") from error

    def install(self, trigger: Fuse) -> None:
        """Stand around the tool."""
        trigger.on_calls(self.around)

    def around(self, call: Any, proceed: Proceed) -> Work:
        """Let the tool work, and keep what it says until it has ended."""
        said: list[str] = []
        out = call.out
        call.out = said.append
        try:
            return (yield from proceed())
        finally:
            out(re.sub(self.pattern, self.instead, "".join(said), flags=re.MULTILINE))

"""What a builtin is: a function of the shell, its words and where its text comes from and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.shell.channels import Channels

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell

Work = Generator[simpy.Event, Any, int]
Builtin = Callable[["Shell", "tuple[str, ...]", Channels], "int | Work"]
Instant = Callable[["Shell", "tuple[str, ...]", Channels], int]

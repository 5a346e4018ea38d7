"""Call a part of flightsim that stands on its own, if this installation has it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def delegate(module: str, function: str, *arguments: Any) -> int:
    """Call *function* of *module* and return its exit code (None counts as 0).

    Raises HarnessError if there is no such module here.
    """
    try:
        called = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise  # the module is there, something that it needs is not
        from simkernel import HarnessError

        raise HarnessError(f"this installation has no {module}") from error
    return int(called(*arguments) or 0)

"""Points: the named places of a world where a fault may stand between a call and its effect.

A floor runs each interesting call through ``points.around(name, call, proceed)``. With
nothing attached that is the call itself. A wrapper is a generator function that may wait,
change the call, call ``proceed`` never, once or twice, and change or replace what it returns.
"""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Generator

Work = Generator[Any, Any, Any]
Proceed = Callable[[], Work]
Wrapper = Callable[[Any, Proceed], Work]


class Points:
    """The wrappers of one world, by point."""

    def __init__(self) -> None:
        self._wrappers: list[tuple[str, Wrapper]] = []

    def attach(self, pattern: str, wrapper: Wrapper) -> None:
        """Stand *wrapper* at a point; ``tool.*`` means every point of that family."""
        self._wrappers.append((pattern, wrapper))

    def is_bare(self, name: str) -> bool:
        """Tell whether nothing stands at the point *name*."""
        return not any(matches(pattern, name) for pattern, _ in self._wrappers)

    def around(self, name: str, call: Any, proceed: Proceed) -> Work:
        """Run *proceed* through the wrappers of *name*, the first attached outermost."""
        for pattern, wrapper in reversed(self._wrappers):
            if matches(pattern, name):
                proceed = _wrapped(wrapper, call, proceed)
        return (yield from proceed())


def matches(pattern: str, name: str) -> bool:
    """Tell whether the point *name* is meant by *pattern* (``a.b`` or ``a.*``)."""
    if pattern.endswith(".*"):
        return name.startswith(pattern[:-1])
    return pattern == name


def _wrapped(wrapper: Wrapper, call: Any, proceed: Proceed) -> Proceed:
    return lambda: wrapper(call, proceed)

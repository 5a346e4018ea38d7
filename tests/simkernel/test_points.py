"""Points, where faults may stand."""

from __future__ import annotations

from typing import Any

import pytest

from simkernel import Clock
from simkernel import Points
from simkernel.points import Proceed
from simkernel.points import Work
from simkernel.points import matches


def run(points: Points, name: str, clock: Clock) -> Any:
    def effect() -> Work:
        yield clock.timeout(1)
        return "effect"

    process = clock.process(points.around(name, "call", effect))
    return clock.run(process)


def test_without_wrappers_a_call_is_itself() -> None:
    assert "effect" == run(Points(), "tool.x", Clock(epoch=0.0))


def test_the_first_attached_is_the_outermost() -> None:
    points, clock = Points(), Clock(epoch=0.0)

    def mark(sign: str) -> Any:
        def wrapper(call: Any, proceed: Proceed) -> Work:
            result = yield from proceed()
            return sign + result + sign

        return wrapper

    points.attach("tool.x", mark("("))
    points.attach("tool.*", mark("["))
    assert "([effect[(" == run(points, "tool.x", clock)


def test_a_wrapper_may_do_without_the_effect() -> None:
    points, clock = Points(), Clock(epoch=0.0)

    def instead(call: Any, proceed: Proceed) -> Work:
        yield clock.timeout(10)
        return call

    points.attach("tool.x", instead)
    assert "call" == run(points, "tool.x", clock)
    assert 10.0 == clock.now


@pytest.mark.parametrize(
    ("pattern", "name", "expect"),
    [
        ("tool.dccp", "tool.dccp", True),
        ("tool.*", "tool.dccp", True),
        ("tool.*", "tools.dccp", False),
        ("tool.dccp", "tool.dccp2", False),
        ("net.*", "net.a.b", True),
    ],
)
def test_patterns(pattern: str, name: str, expect: bool) -> None:
    assert expect == matches(pattern, name)

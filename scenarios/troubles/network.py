"""The way to the server: names, addresses, connections."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.triggers import Trigger
from scenarios.strategies import NET_KINDS
from scenarios.strategies import calls
from scenarios.strategies import faults_of
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import fault

SERVER = "net.pandaserver.sim"
FOUR_HOURS_S = 14_400.0


def troubles() -> st.SearchStrategy[Trouble]:
    """Return networks that lose, delay, or lead nowhere."""
    return st.one_of(
        st.sampled_from(("no_ipv6", "ipv6_black_hole")).map(_one_stack),
        st.sampled_from((1200.0, 3000.0)).map(_stall),
        st.sampled_from(("1 B", "10 B")).map(_drip),
        st.sampled_from(("dead_address", "empty_answer", "truncate", "reset")).map(_once),
        faults_of((SERVER,), NET_KINDS, calls(8)).map(lambda plan: Trouble((plan,), claim=OPEN)),
    )


def _one_stack(do: str) -> Trouble:
    """The server has addresses of both kinds, and one of the two leads nowhere."""
    return Trouble(
        (fault(SERVER, do),),
        world={"network": {"ipv6": True}},
        payload={"walltime_s": 3500.0},
        cost_s=2 * 3600.0,
    )


def _stall(after_s: float) -> Trouble:
    """One connection is accepted, and then nothing passes."""
    stall = fault(SERVER, "stall", Trigger(phase="payload", after_s=after_s, times=1), limit="5h")
    return Trouble((stall,), payload={"walltime_s": FOUR_HOURS_S})


def _drip(rate: str) -> Trouble:
    """The first answer comes byte by byte."""
    return Trouble((fault(SERVER, "drip", Trigger(call=1), rate=rate),), cost_s=0.0)


def _once(do: str) -> Trouble:
    return Trouble((fault(SERVER, do, Trigger(phase="payload", call=1)),))

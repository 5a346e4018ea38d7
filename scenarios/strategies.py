"""Strategies for hypothesis: fault plans to draw over a scenario.

    @given(fault_plans())
    def test_no_plan_breaks_the_pilot(plans): ...

Simpler plans come first in each list, because hypothesis shrinks towards them.
"""

from __future__ import annotations

from typing import Any
from typing import Mapping

from hypothesis import strategies as st

from harness.scenario import FaultPlan
from harness.triggers import Trigger

SERVER_POINTS = ("server.update_job", "server.acquire_jobs", "server.queuedata")
PHASES = ("get-job", "stage-in", "payload", "stage-out", "log", "final")
PHASES_BACK = ("log", "stage-out", "payload", "stage-in")

# Point -> kinds that may stand there, each with the options it may have.
TOOL_KINDS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "exit": ({"code": 1, "stderr": "connection reset\n"}, {"code": 54}),
    "hang": ({},),
    "slow": ({"factor": 4.0},),
    "partial": ({"fraction": 0.5, "code": 1},),
    "noise": ({"stderr": "warning: nothing to worry about\n"},),
}
# What goes bad in silence after an upload is for nobody on the node to see.
INPUT_KINDS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "corrupt": ({},),
    "truncate": ({"fraction": 0.5},),
    "lie": ({},),
}
SERVER_KINDS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "http_status": ({"status": 503}, {"status": 500}),
    "answer_lost": ({},),
    "request_lost": ({},),
    "html": ({},),
    "garbage": ({},),
    "hang": ({},),
    "delay": ({"delay": "60s"},),
    "null_fields": ({},),
    "duplicate": ({},),
}
NET_KINDS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "refuse": ({},),
    "reset": ({},),
    "black_hole": ({},),
    "dns_failure": ({},),
}
PAYLOAD_KINDS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "exit_code": ({"code": 7},),
    "signal": ({"signal": "SIGSEGV"},),
    "hang": ({},),
    "missing_output": ({},),
    "empty_output": ({},),
}


def calls(limit: int) -> st.SearchStrategy[Trigger]:
    """Return triggers that strike at the n-th call, once or from time to time."""
    return st.one_of(
        st.builds(lambda n: Trigger(call=n), st.integers(1, limit)),
        st.builds(lambda n: Trigger(every=n, times=3), st.integers(1, limit)),
    )


def moments(limit: int) -> st.SearchStrategy[Trigger]:
    """Return triggers that strike at the first call in a phase, or at the n-th of all."""
    # A phase comes first: unlike a number, it stays right when another fault is taken away.
    return st.one_of(
        st.builds(lambda phase: Trigger(call=1, phase=phase), st.sampled_from(PHASES_BACK)),
        calls(limit),
    )


def faults_of(
    points: tuple[str, ...],
    kinds: Mapping[str, tuple[Mapping[str, Any], ...]],
    triggers: st.SearchStrategy[Trigger],
) -> st.SearchStrategy[FaultPlan]:
    """Return plans of one of *kinds* at one of *points*."""
    choices = [(kind, options) for kind in kinds for options in kinds[kind]]
    return st.builds(
        lambda point, choice, at: FaultPlan(point, choice[0], at, dict(choice[1])),
        st.sampled_from(points),
        st.sampled_from(choices),
        triggers,
    )


def batch_kills() -> st.SearchStrategy[FaultPlan]:
    """Return plans in which the batch system ends the pilot, with ten minutes' notice."""
    return st.builds(
        lambda phase: FaultPlan("batch.kill", "preempt", Trigger(phase=phase), {"notice": "10m"}),
        st.sampled_from(PHASES),
    )


def fault_plans(*, most: int = 3) -> st.SearchStrategy[tuple[FaultPlan, ...]]:
    """Return tuples of at most *most* faults over a production job."""
    one = st.one_of(
        faults_of(SERVER_POINTS[:1], SERVER_KINDS, moments(6)),
        faults_of(SERVER_POINTS[1:], SERVER_KINDS, calls(3)),
        faults_of(("tool.transfer",), TOOL_KINDS, calls(6)),
        faults_of(
            ("tool.transfer",),
            INPUT_KINDS,
            st.builds(lambda n: Trigger(call=n, phase="stage-in"), st.integers(1, 3)),
        ),
        faults_of(("net.pandaserver.sim",), NET_KINDS, calls(8)),
        faults_of(("payload",), PAYLOAD_KINDS, st.just(Trigger())),
        batch_kills(),
    )
    return st.lists(one, max_size=most).map(tuple)

"""The batch system: it takes slots back, with or without notice."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.scenario import File
from harness.triggers import Trigger
from scenarios.strategies import PHASES
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import failed
from scenarios.troubles._trouble import fault

KUBERNETES = {"K8S_JOB_ID": "panda-6000000001-xw7kq"}
# 1201: SIGTERM; 1379: preempted.
TOLD_TO_STOP = (1201, 1379)
PREEMPTED = 1379
GB = 1_000_000_000


def troubles() -> st.SearchStrategy[Trouble]:
    """Return slots that are taken back."""
    return st.one_of(
        st.builds(_preempt, st.sampled_from(PHASES), st.sampled_from(("10m", "2m"))),
        st.sampled_from((1200.0, 60.0)).map(_pod),
        st.sampled_from((GB * 2, GB)).map(_while_storing),
        st.sampled_from((2700.0, 600.0)).map(_while_fetching),
        st.sampled_from(PHASES).map(
            lambda phase: Trouble((fault("batch.kill", "kill", Trigger(phase=phase)),), claim=OPEN)
        ),
        st.sampled_from(("SIGTERM", "SIGINT", "SIGXCPU")).map(_signal),
        st.sampled_from(("10m", "1h")).map(_suspended),
    )


def _preempt(phase: str, notice: str) -> Trouble:
    plan = fault("batch.kill", "preempt", Trigger(phase=phase), notice=notice)
    return Trouble((plan,), claim=OPEN)


def _pod(after_s: float) -> Trouble:
    """A pod has to make room for another."""
    at = Trigger(phase="payload", after_s=after_s)
    return Trouble(
        (fault("batch.kill", "preempt", at, notice="10m"),),
        world={"environ": KUBERNETES},
        payload={"walltime_s": 3500.0},
        claim=failed(PREEMPTED),
    )


def _while_storing(size: int) -> Trouble:
    """The slot is taken back between the end of the payload and the last word."""
    return Trouble(
        (
            fault("batch.kill", "preempt", Trigger(phase="stage-out"), notice="10m"),
            fault("tool.transfer", "slow", Trigger(phase="stage-out", call=1), delay="3m"),
        ),
        place=BNL,
        payload={"outputs": (File(size),)},
        # The work is done: to save it within the notice is as good as to give it up.
        claim=Expectation(states=("failed", "finished"), pilot_error_codes=TOLD_TO_STOP),
    )


def _while_fetching(after_s: float) -> Trouble:
    """The slot is taken back during a long transfer."""
    return Trouble(
        (
            fault("tool.transfer", "slow", Trigger(phase="stage-in"), delay="30m"),
            fault(
                "batch.kill", "preempt", Trigger(phase="stage-in", after_s=after_s), notice="10m"
            ),
        ),
        place=BNL,
        job={"inputs": (File(4 * GB),) * 3},
        claim=failed(*TOLD_TO_STOP),
    )


def _signal(name: str) -> Trouble:
    plan = fault("batch.kill", "signal", Trigger(phase="payload"), signal=name, notice="10m")
    return Trouble((plan,), claim=OPEN)


def _suspended(for_: str) -> Trouble:
    """The pilot alone is stopped for a while."""
    plan = fault("batch.kill", "suspend", Trigger(phase="payload"), **{"for": for_})
    return Trouble((plan,), claim=OPEN)

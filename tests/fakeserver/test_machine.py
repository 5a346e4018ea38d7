"""Whatever pilots do, in whatever order: no job is lost, none ends or runs twice, all adds up.

A hundred examples of fifty steps; FLIGHTSIM_EXAMPLES=2000 for the promise.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fakeserver.chaos import STEPS
from tests.fakeserver.chaos import TALLY
from tests.fakeserver.chaos import Chaos

EXAMPLES = int(os.environ.get("FLIGHTSIM_EXAMPLES", "100"))
SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS + 10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow
def test_the_server_bears_pilots_that_are_killed_repeat_answer_late_and_lie() -> None:
    # Hypothesis would stop some examples early; here each is of so many steps at least.
    run_state_machine_as_test(Chaos, settings=SETTINGS, _min_steps=STEPS)
    print(
        f"{TALLY.examples} examples, {TALLY.whole} of {STEPS} steps or more, "
        f"{TALLY.steps} steps in all; jobs ended {TALLY.ended}"
    )
    assert EXAMPLES <= TALLY.whole
    assert {"finished", "failed", "cancelled", "closed"} <= set(TALLY.ended)

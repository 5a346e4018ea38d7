"""Who may kill what, and what a kill does."""

from __future__ import annotations

import pytest

from fakeserver import State
from fakeserver.identity import Identity
from fakeserver.killing import may_kill
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec

ANN = "/DC=sim/CN=Ann"
PRODUCTION = ("/atlas/Role=production/Capability=NULL",)


@pytest.mark.parametrize(
    ("job", "who", "code", "expected"),
    [
        ({"kind": "analysis", "user": ANN}, Identity(ANN), "", True),
        ({"kind": "analysis", "user": ANN}, Identity(f"{ANN}/CN=123"), "", True),
        ({"kind": "analysis", "user": ANN}, Identity("/DC=sim/CN=Bob"), "", False),
        ({"kind": "analysis", "user": ANN}, Identity("/CN=P", PRODUCTION), "", False),
        ({"kind": "analysis", "user": ANN}, Identity("/CN=P", PRODUCTION), "91", True),
        ({}, Identity("/CN=P", PRODUCTION), "", True),
        (
            {"working_group": "AP_HIGG"},
            Identity("/CN=G", ("/atlas/higg/Role=production",)),
            "",
            True,
        ),
        (
            {"working_group": "AP_SUSY"},
            Identity("/CN=G", ("/atlas/higg/Role=production",)),
            "",
            False,
        ),
    ],
)
def test_who_may_kill(job: dict[str, str], who: Identity, code: str, expected: bool) -> None:
    bench = Bench()
    made = bench.server.define_job(spec(1, **job))
    assert expected is may_kill(made, who, code=code)


@pytest.mark.parametrize(
    ("code", "state", "sub"),
    [
        ("", State.CANCELLED, None),
        ("3", State.CANCELLED, None),
        ("51", State.CLOSED, "toreassign"),
        ("55", State.CLOSED, "taskdone"),
        ("60", State.CLOSED, None),
    ],
)
def test_the_code_says_how_a_job_that_waits_ends(code: str, state: State, sub: str | None) -> None:
    bench = Bench()
    job = bench.server.define_job(spec(1))
    assert bench.server.kill(1, code=code)
    assert (state, sub) == (job.state, job.fields.get("jobSubStatus"))
    assert job.fields["taskBufferErrorCode"]


@pytest.mark.parametrize(
    ("code", "production", "expected"),
    [
        ("", False, State.RUNNING),
        ("91", True, State.RUNNING),
        ("9", False, State.CANCELLED),
        ("99", True, State.CANCELLED),
        ("99", False, State.RUNNING),
    ],
)
def test_a_running_job_is_told_unless_it_is_killed_by_force(
    code: str, production: bool, expected: State
) -> None:
    bench = Bench()
    bench.server.define_job(spec(1))
    bench.run(1)
    assert bench.server.kill(1, code=code, production=production)
    assert expected is bench.job(1).state
    assert "tobekilled" == bench.job(1).command


def test_what_has_ended_is_not_killed(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    assert bench.server.kill(1)
    assert not bench.server.kill(1)
    assert ["the job is already cancelled"] == bench.refusals()

"""People: permissions, quotas, usage."""

from __future__ import annotations

import pytest

from fakeserver import Policy
from fakeserver import State
from fakeserver.identity import Identity
from fakeserver.people import DAY_S
from fakeserver.people import GROUP
from fakeserver.people import PROXIES
from fakeserver.people import USER
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

ANN = Identity("/DC=sim/CN=Ann")


def run(bench: Bench, panda_id: int, *, wall_s: float, how: str = "finished") -> None:
    """Let a job of Ann's run for so long on two cores."""
    job = spec(panda_id, user=ANN.dn, working_group="higgs", core_count=2)
    bench.server.define_job(job)
    bench.run(panda_id)
    bench.dial.now += wall_s
    bench.say(panda_id, how, xml=report(panda_id))


def test_users_and_groups_are_charged_for_what_a_pilot_took(bench: Bench) -> None:
    run(bench, 1, wall_s=100.0)
    run(bench, 2, wall_s=50.0, how="failed")
    for kind, name in ((USER, "Ann"), (GROUP, "higgs")):
        used = bench.server.people.used(kind, name, now=bench.dial.now)
        assert {"jobs": 2, "finished": 1, "failed": 1, "wall_s": 150.0, "core_s": 300.0} == used


def test_a_job_that_no_pilot_had_costs_nothing(bench: Bench) -> None:
    bench.server.define_job(spec(1, user=ANN.dn))
    bench.server.kill(1)
    assert {} == bench.server.people.usage


def test_usage_of_long_ago_does_not_count(bench: Bench) -> None:
    run(bench, 1, wall_s=100.0)
    later = bench.dial.now + 7 * DAY_S
    assert 0 == bench.server.people.used(USER, "Ann", now=later)["jobs"]
    assert 1 == bench.server.people.used(USER, "Ann", now=later, days=9)["jobs"]


def test_who_used_more_than_the_quota_is_over_it(bench: Bench) -> None:
    run(bench, 1, wall_s=100.0)
    people = bench.server.people
    assert "" == people.over_quota(USER, "Ann", now=bench.dial.now)
    people.add_user(ANN.dn, quota_core_s=200)
    people.add_group("higgs", quota_core_s=201)
    assert "user Ann used 200" in people.over_quota(USER, "Ann", now=bench.dial.now)
    assert "" == people.over_quota(GROUP, "higgs", now=bench.dial.now)


def test_jobs_over_the_quota_are_throttled_until_there_is_room(bench: Bench) -> None:
    bench.server.people.add_user(ANN.dn, quota_jobs=1)
    for panda_id in (1, 2):
        bench.server.admit(spec(panda_id, user=ANN.dn), now=bench.dial.now)
    assert State.THROTTLED is bench.job(2).state
    bench.run(1)
    assert State.THROTTLED is bench.job(2).state
    bench.say(1, "finished", xml=report(1))
    assert State.ACTIVATED is bench.job(2).state


@pytest.mark.parametrize(
    ("permissions", "registered_only", "trusted", "expected"),
    [
        (None, False, True, True),
        (None, False, False, False),
        (None, True, True, False),
        ("p", True, False, True),
        ("k", False, True, False),
    ],
)
def test_who_may_have_a_proxy(
    permissions: str | None, registered_only: bool, trusted: bool, expected: bool
) -> None:
    bench = Bench()
    if permissions is not None:
        bench.server.people.add_user(ANN.dn, permissions=permissions)
    policy = Policy(registered_only=registered_only)
    assert expected is bench.server.people.may(ANN, PROXIES, policy=policy, trusted=trusted)

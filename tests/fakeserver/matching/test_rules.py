"""Each rule by which a job goes to a pilot: when it refuses, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver.dispatch import JobRequest
from fakeserver.matching import RULES
from fakeserver.matching import Asking
from fakeserver.matching import obstacles
from fakeserver.matching import shape_of
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec

ANALYSIS = {"kind": "analysis"}
FOR_USER = {"label": "user"}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("label", {"label": "user"}, {}, {}),
    ("label", {}, {"label": "test"}, {}),
    ("vo", {"vo": "cms"}, {"vo": "atlas"}, {"cross_vo": False}),
    ("application", {"application": "G4"}, {"application": "Athena,ROOT"}, {}),
    ("cores", {"core_count": 8}, {}, {"corecount": 4}),
    ("memory", {"min_ram_count": 4000}, {"memory": 2000}, {}),
    ("disk", {"max_disk_count": 4000}, {"disk": 2000}, {}),
    ("walltime", {"max_walltime": 7200}, {"remaining_time": 3600}, {}),
    ("resource_type", {"resource_type": "MCORE"}, {"resource_type": "SCORE"}, {}),
    ("country_group", ANALYSIS, FOR_USER | {"country_group": "us,de"}, {}),
    ("working_group", ANALYSIS, FOR_USER | {"working_group": "higgs"}, {}),
    ("pilot_version", {"pilot_version": "3.7"}, {"version": "3.11.5.1"}, {}),
    ("pilot_version", {"pilot_version": "3.7"}, {"version": "3.70.1"}, {}),
    ("background", {}, {"background": True}, {}),
    ("same_user", {"user": "/CN=Ann"}, {"user": "/CN=Bob"}, {}),
    ("task", {"task_id": 5}, {"task": "6"}, {}),
]
FITS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("label", {"label": "test"}, {}, {}),
    ("vo", {"vo": "cms"}, {"vo": "atlas"}, {"cross_vo": True}),
    ("vo", {"vo": "cms"}, {}, {"cross_vo": False}),
    ("application", {"application": "ROOT"}, {"application": "Athena,ROOT"}, {}),
    ("application", {"application": "ROOT"}, {}, {}),
    ("cores", {"core_count": 8}, {}, {"corecount": 8}),
    ("cores", {"core_count": 8}, {}, {"corecount": "nonsense"}),
    ("memory", {"min_ram_count": 2000}, {"memory": 2000}, {}),
    (
        "country_group",
        ANALYSIS,
        {"label": "user", "country_group": "us", "other_country": True},
        {},
    ),
    (
        "country_group",
        ANALYSIS | {"country_group": "us"},
        FOR_USER | {"country_group": "us,de"},
        {},
    ),
    ("working_group", {}, {"working_group": "higgs"}, {}),
    ("pilot_version", {"pilot_version": "3.7"}, {"version": "3.7.0.36"}, {}),
    ("pilot_version", {"pilot_version": "3.7"}, {}, {}),
    ("pilot_version", {}, {"version": "3.7.0.36"}, {}),
    ("background", {"background": True}, {"background": True}, {}),
    ("background", {"background": True}, {}, {}),
]


def against(job: dict[str, Any], request: dict[str, Any], queue: dict[str, Any]) -> list[str]:
    """Return which rules are against it, by name."""
    made = spec(1, **job)
    asking = Asking(JobRequest(QUEUE, **({"label": "managed"} | request)), queue)
    return [each.partition(":")[0] for each in obstacles(shape_of(made, share=""), made, asking)]


@pytest.mark.parametrize(("rule", "job", "request_", "queue"), CASES)
def test_a_rule_refuses(
    rule: str, job: dict[str, Any], request_: dict[str, Any], queue: dict[str, Any]
) -> None:
    assert [rule] == against(job, request_, queue)


@pytest.mark.parametrize(("rule", "job", "request_", "queue"), FITS)
def test_a_rule_lets_pass(
    rule: str, job: dict[str, Any], request_: dict[str, Any], queue: dict[str, Any]
) -> None:
    assert rule not in against(job, request_, queue)


def test_every_rule_has_a_case_in_which_it_refuses_and_says_what_it_is_about() -> None:
    assert {each.name for each in RULES} | {"same_user", "task"} == {case[0] for case in CASES}
    assert all(each.about for each in RULES)


@pytest.mark.parametrize(("rule", "job", "request_", "queue"), CASES)
def test_dispatch_goes_by_the_same_rules(
    bench: Bench, rule: str, job: dict[str, Any], request_: dict[str, Any], queue: dict[str, Any]
) -> None:
    bench.server.queues[QUEUE] = queue
    bench.server.define_job(spec(1, **job))
    request = JobRequest(QUEUE, **({"label": "managed"} | request_))
    assert [] == bench.server.dispatch(request, who="p", now=bench.dial.now), rule


def test_a_user_at_a_unified_queue_tests_robots_only() -> None:
    queue = {"type": "unified", "status": "test"}
    request = {"label": "user", "element": QUEUE, "job_type": "user"}
    assert ["label"] == against({"kind": "itb"}, request, queue)
    assert [] == against({"processing_type": "gangarobot"}, request, queue)

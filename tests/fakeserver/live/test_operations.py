"""What operators ask of the control plane."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.fakeserver.live.running import JSON
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.running import eventually
from tests.fakeserver.servers import spec

HOUR_S = 3600
ADA = "/DC=sim/CN=Ada Lovelace"


def dispatch(served: Running) -> Any:
    """Return what a pilot is given."""
    form = {"siteName": QUEUE, "prodSourceLabel": "managed"}
    url = f"{served.plain}/server/panda/getJob"
    return requests.post(url, data=form, headers=JSON, timeout=PATIENCE_S).json()


def test_health_is_the_whole_server_on_one_line(plain: Running) -> None:
    plain.live.model.define_job(spec(1))
    health = plain.control("GET", "health")
    assert (True, 1, 1, 0) == tuple(health[name] for name in ("ok", "jobs", "waiting", "alarms"))


def test_it_says_why_a_job_waits(plain: Running) -> None:
    plain.control("POST", "world", queues={QUEUE: {"status": "online"}})
    plain.live.model.define_job(spec(1))
    told = plain.control("GET", "waiting?job=1")
    assert (True, [f"no pilot has asked at {QUEUE}"]) == (told["waits"], told["reasons"])
    dispatch(plain)
    assert plain.control("GET", "waiting?job=1")["waits"] is False


def test_a_job_that_is_not_there_does_not_wait(plain: Running) -> None:
    answer = requests.get(f"{plain.plain}/flightsim/control/waiting?job=7", timeout=PATIENCE_S)
    assert 400 == answer.status_code


def test_alarms_are_raised_by_the_server_itself_and_shown_on_every_page(plain: Running) -> None:
    plain.live.model.define_job(spec(1))
    assert [] == plain.control("GET", "alarms")
    plain.control("POST", "clock", advance_s=2 * HOUR_S)
    (alarm,) = plain.control("GET", "alarms")
    assert ("no_pilots", QUEUE, "raised") == (alarm["watch"], alarm["about"], alarm["state"])
    for page in ("", "jobs", "history"):
        text = requests.get(f"{plain.plain}/flightsim/{page}", timeout=PATIENCE_S).text
        assert "1 alarm" in text
    dispatch(plain)
    plain.control("POST", "clock", advance_s=60)
    assert [] == plain.control("GET", "alarms")


def test_the_history_is_taken_without_anybody_asking(plain: Running) -> None:
    plain.live.model.define_job(spec(1))
    eventually(lambda: len(plain.live.model.history.snapshots) > 0)
    plain.control("POST", "clock", advance_s=HOUR_S)
    states = plain.live.model.history.series("activated")
    assert [1, 1] == [count for _, count in states[-2:]]


def test_alarms_are_raised_acknowledged_and_cleared_by_hand(plain: Running) -> None:
    (raised,) = plain.control("POST", "alarms", about="tape", text="the robot is stuck", by="ada")
    assert ("hand/tape", "raised", "ada") == (raised["key"], raised["state"], raised["by"])
    (known,) = plain.control("POST", "alarms", acknowledge="hand/tape", by="grace")
    assert ("acknowledged", "grace") == (known["state"], known["by"])
    assert [] == plain.control("POST", "alarms", clear="hand/tape")


@pytest.mark.parametrize("body", [{}, {"about": "x"}, {"clear": "x"}, {"acknowledge": "x"}])
def test_nothing_is_done_to_alarms_that_are_not_there(plain: Running, body: dict[str, Any]) -> None:
    url = f"{plain.plain}/flightsim/control/alarms"
    assert 400 == requests.post(url, json=body, timeout=PATIENCE_S).status_code


def test_quotas_and_what_was_used_of_them_are_shown(plain: Running) -> None:
    plain.control("POST", "world", users={ADA: {"quota_core_s": 60}})
    plain.live.model.define_job(spec(1, user=ADA))
    dispatch(plain)
    plain.control("POST", "clock", advance_s=HOUR_S)
    ada = plain.control("GET", "people")["users"]["Ada Lovelace"]
    assert (60, 1) == (ada["quota_core_s"], ada["used"]["jobs"])
    assert "quota 60" in ada["over_quota"]


def test_schedulers_and_durations_are_had(plain: Running) -> None:
    assert [] == plain.control("GET", "schedulers")
    plain.live.model.define_job(spec(1))
    dispatch(plain)
    assert 1 == plain.control("GET", "durations")["production"]["wait"]["count"]


def test_datasets_and_what_of_the_events_is_processed_are_told(plain: Running) -> None:
    plain.live.model.define_job(spec(1, kind="event", event_ranges=4, jobset_id=9))
    told = plain.control("GET", "datasets?task=12345")
    assert ("output", "defined", 2) == tuple(
        told["flightsim:outputs"][name] for name in ("type", "status", "files")
    )
    assert {} == plain.control("GET", "datasets?task=7")
    assert (4, 0) == tuple(
        plain.control("GET", "processed?jobset=9")[name] for name in ("ranges", "done")
    )

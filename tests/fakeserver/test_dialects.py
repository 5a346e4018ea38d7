"""One story told in both dialects leaves the same model behind."""

from __future__ import annotations

import json
from typing import Any
from typing import Callable

import pytest

from fakeserver.wire import HttpAnswer
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import BY_NAME
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import translated

Speak = Callable[[Bench, str, dict[str, Any]], HttpAnswer]
Story = list[tuple[float, str, dict[str, Any]]]

GET_JOB = {"siteName": QUEUE, "prodSourceLabel": "managed", "node": "wn1", "mem": 4000}
WORKER = {"workerID": "7", "harvesterID": "h", "node_id": "wn1"}
NODE = {"site": "BNL", "host_name": "wn1", "cpu_model": "EPYC"}
GPU = {"site": "BNL", "host_name": "wn1", "vendor": "NVIDIA", "model": "A100", "count": 2}


def update(panda_id: int, state: str, **fields: Any) -> dict[str, Any]:
    """Return the variables of an update."""
    return {"jobId": panda_id, "state": state, "attemptNr": 1, "node": "wn1", **fields}


def ranges(panda_id: int, count: int = 10) -> dict[str, Any]:
    """Return the variables of a request for ranges."""
    return {"pandaID": panda_id, "jobsetID": 77, "taskID": 12345, "nRanges": count}


def became(*entries: tuple[str, str]) -> dict[str, Any]:
    """Return the variables of an update of ranges."""
    listed = [{"eventRangeID": name, "eventStatus": status} for name, status in entries]
    return {"eventRanges": json.dumps(listed), "version": 0}


STORIES: dict[str, Story] = {
    "a job runs and finishes": [
        (0, "acquire_jobs", GET_JOB),
        (1, "update_job", update(1, "starting")),
        (60, "update_job", update(1, "running", coreCount=8, maxRSS=2000)),
        (1800, "update_job", update(1, "running", cpuConsumptionTime=1700)),
        (90, "update_job", update(1, "finished", xml=report(1), pilotErrorCode=0)),
        (1, "update_job", update(1, "finished", xml=report(1))),
    ],
    "a job fails, another is lost": [
        (0, "acquire_jobs", GET_JOB | {"nJobs": 2}),
        (1, "update_job", update(1, "running")),
        (1, "update_job", update(2, "running", batchID="condor-1")),
        (1, "update_job", update(2, "running", batchID="condor-2")),
        (9, "update_job", update(1, "failed", pilotErrorCode=1305, pilotErrorDiag="x" * 600)),
        (10800, "get_job_status", {"ids": [1, 2]}),
        (1, "update_job", update(2, "finished", xml=report(2))),
    ],
    "nonsense": [
        (0, "acquire_jobs", GET_JOB | {"siteName": "NOWHERE"}),
        (1, "update_job", update(404, "running")),
        (1, "update_job", update(1, "running")),
        (1, "update_job", update(1, "sent")),
        (1, "update_job", update(1, "running") | {"attemptNr": 5}),
        (1, "update_event_ranges", became(("nonsense", "finished"))),
    ],
    "debug mode": [
        (0, "acquire_jobs", GET_JOB),
        (1, "set_debug_mode", {"pandaID": 1, "modeOn": True}),
        (1, "update_job", update(1, "running", stdout="tail")),
        (1, "set_debug_mode", {"pandaID": 1, "modeOn": False}),
    ],
    "events": [
        (0, "acquire_jobs", GET_JOB | {"taskID": 12345}),
        (1, "acquire_event_ranges", ranges(11, 2)),
        (1, "update_event_ranges", became(("12345-11-1-1-10", "finished"))),
        (1, "acquire_event_ranges", ranges(11)),
        (1, "get_available_event_range_count", ranges(11)),
        (1, "update_job", update(11, "finished", xml=report(11, "11.log.tgz"))),
    ],
    "clones": [
        (0, "acquire_jobs", GET_JOB),
        (0, "acquire_jobs", GET_JOB),
        (1, "acquire_event_ranges", ranges(21)),
        (1, "acquire_event_ranges", ranges(22)),
        (1, "update_job", update(22, "running")),
        (1, "update_job", update(21, "running")),
        (1, "update_job", update(21, "finished", xml=report(21))),
        (1, "update_job", update(22, "finished", xml=report(22))),
    ],
    "workers": [
        (0, "update_worker_status", WORKER | {"status": "started", "site": QUEUE}),
        (1, "update_worker_node", NODE),
        (1, "update_worker_node_gpu", GPU),
        (9, "update_worker_status", WORKER | {"status": "finished", "site": QUEUE}),
        (1, "is_alive", {}),
        (1, "get_resource_types", {}),
        (1, "get_proxy", {"role": "production"}),
    ],
}
JOBS: dict[str, list[dict[str, Any]]] = {
    "events": [{"panda_id": 11, "kind": "event", "event_ranges": 4, "jobset_id": 77}],
    "clones": [
        {"panda_id": panda_id, "kind": "clone", "clone_mode": "runonce", "jobset_id": 77}
        for panda_id in (21, 22, 23)
    ],
}


def speak_legacy(bench: Bench, name: str, values: dict[str, Any]) -> HttpAnswer:
    """Speak as pilot3 3.11 does: api/v1 where there is nothing else."""
    if not BY_NAME[name].legacy:
        return modern(bench, name, values)
    known = {each.legacy for each in BY_NAME[name].takes}
    given = {key: value for key, value in values.items() if key in known}
    if name == "get_job_status":
        given["ids"] = " ".join(str(each) for each in values["ids"])
    return legacy(bench, name, given)


def speak_modern(bench: Bench, name: str, values: dict[str, Any]) -> HttpAnswer:
    """Speak as later pilots do."""
    endpoint = BY_NAME[name]
    return modern(bench, name, translated(endpoint, values) if endpoint.legacy else values)


def told(story: str, speak: Speak) -> Bench:
    """Return the server after *story*."""
    bench = Bench()
    for changes in JOBS.get(story, [{"panda_id": 1}, {"panda_id": 2}]):
        bench.server.define_job(spec(**changes))
    for wait_s, name, values in STORIES[story]:
        bench.dial.now += wait_s
        bench.server.reap(bench.dial.now)
        assert 200 == speak(bench, name, values).status, name
    return bench


def lines(bench: Bench) -> list[tuple[object, ...]]:
    """Return the journal as plain tuples."""
    return [(each.t, each.who, each.what, dict(each.data)) for each in bench.journal.events]


@pytest.mark.parametrize("story", sorted(STORIES))
def test_the_same_story_leaves_the_same_model_and_journal(story: str) -> None:
    old, new = told(story, speak_legacy), told(story, speak_modern)
    assert old.server.snapshot() == new.server.snapshot()
    assert lines(old) == lines(new)
    assert old.journal.identity() == new.journal.identity()


@pytest.mark.parametrize("story", sorted(set(STORIES) - {"workers"}))
def test_every_story_changes_something(story: str) -> None:
    told_one = told(story, speak_legacy)
    assert {"job.update", "job.refused", "job.dispatched"} & {
        event.what for event in told_one.journal.events
    }


def test_the_stories_speak_of_every_method_that_has_two_names() -> None:
    spoken = {name for story in STORIES.values() for _, name, _ in story}
    both = {each.name for each in BY_NAME.values() if each.legacy and each.modern}
    # Their requests have no counterpart variable by variable; they have tests of their own.
    assert {"update_jobs_bulk", "get_access_token", "get_key_pair"} == both - spoken

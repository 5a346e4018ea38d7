"""Stories of pilots and harvesters, and each told in every dialect.

    python -m tests.fakeserver.stories

prints a table: how many requests, and whether the model and the journal that each dialect leaves
behind are the same.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from typing import Callable

from fakeserver.wire import HttpAnswer
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import BY_NAME
from tests.fakeserver.speakers import form
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import translated

Speak = Callable[[Bench, str, dict[str, Any]], HttpAnswer]
Story = list[tuple[float, str, dict[str, Any]]]

GET_JOB = {"siteName": QUEUE, "prodSourceLabel": "managed", "node": "wn1", "mem": 4000}
WORKER = {"workerID": "7", "harvesterID": "h", "node_id": "wn1"}
NODE = {"site": "BNL", "host_name": "wn1", "cpu_model": "EPYC"}
WORKERS = [
    {"workerID": 7, "status": "submitted", "computingSite": QUEUE, "nCore": 8},
    {"workerID": 8, "status": "running", "computingSite": QUEUE, "nCore": 1},
]
OVER = {"status": "finished", "nativeExitCode": 0}
SWEEP = {
    "panda_queue": QUEUE,
    "status_list": ["submitted"],
    "ce_list": [],
    "submission_host_list": [],
}
STATISTICS = {
    "harvesterID": "h",
    "siteName": QUEUE,
    "paramsList": json.dumps({"managed": {"SCORE": {"running": 1}}}),
}
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
        (1, "update_event_range", {"eventRangeID": "12345-11-1-2-10", "eventStatus": "failed"}),
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
    "many jobs in one request": [
        (0, "acquire_jobs", GET_JOB | {"nJobs": 2, "harvester_id": "h", "worker_id": 7}),
        (
            1,
            "update_jobs_bulk",
            {"harvester_id": "h", "jobList": [update(1, "running"), update(2, "starting")]},
        ),
        (1, "check_job_status", {"ids": [1, 2, 404]}),
        (60, "update_jobs_bulk", {"jobList": [update(1, "finished", xml=report(1))]}),
        (1, "get_event_range_statuses", {"ids": json.dumps([{"task_id": 1, "panda_id": 1}])}),
    ],
    "a harvester": [
        (0, "harvester_heartbeat", {"harvesterID": "h", "data": {"sw_version": "0.5"}}),
        (0, "get_current_worker_id", {"harvester_id": "h"}),
        (1, "update_workers", {"harvesterID": "h", "workers": WORKERS}),
        (1, "acquire_jobs", GET_JOB | {"harvester_id": "h", "worker_id": 8}),
        (60, "update_workers", {"harvesterID": "h", "workers": [WORKERS[0] | OVER]}),
        (1, "report_worker_statistics", STATISTICS),
        (1, "get_worker_statistics", {}),
        (1, "add_dialogs", {"harvesterID": "h", "dialogs": [{"diagID": 1}]}),
        (1, "update_service_metrics", {"harvesterID": "h", "metrics": [["host", "now", "{}"]]}),
        (1, "add_target_slots", {"pandaQueueName": QUEUE, "numSlots": 100, "gshare": "User"}),
        (1, "add_sweep_command", SWEEP),
        (1, "acquire_commands", {"harvester_id": "h", "n_commands": 5}),
        (1, "acknowledge_commands", {"command_ids": [1, 2]}),
    ],
    "secrets": [
        (0, "set_user_secrets", {"key": "grid", "value": "x"}),
        (0, "get_user_secrets", {"keys": "grid"}),
        (0, "get_key_pair", {"publicKeyName": "pub", "privateKeyName": "priv"}),
        (0, "get_access_token", {"client_name": "pilot_server", "token_key": "k"}),
        (0, "get_token_key", {"client_name": "pilot_server"}),
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
CHANGELESS = ("a harvester", "secrets", "workers")
JOBS: dict[str, list[dict[str, Any]]] = {
    "events": [{"panda_id": 11, "kind": "event", "event_ranges": 4, "jobset_id": 77}],
    "clones": [
        {"panda_id": panda_id, "kind": "clone", "clone_mode": "runonce", "jobset_id": 77}
        for panda_id in (21, 22, 23)
    ],
}


def in_legacy(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return *values* as the legacy dialect writes them: lists as text, unknown ones left out."""
    known = {each.legacy for each in BY_NAME[name].takes}
    given = {key: value for key, value in values.items() if key in known}
    if "ids" in given and isinstance(given["ids"], list):
        between = " " if name == "get_job_status" else ","
        given["ids"] = between.join(str(each) for each in given["ids"])
    return {
        key: json.dumps(value) if isinstance(value, (list, dict)) else value
        for key, value in given.items()
    }


def in_modern(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return *values* in the spelling of api/v1."""
    endpoint = BY_NAME[name]
    if not endpoint.legacy:
        return values
    if name == "update_jobs_bulk":
        jobs = [translated(BY_NAME["update_job"], job) for job in values["jobList"]]
        return translated(endpoint, values) | {"job_list": jobs}
    return translated(endpoint, values)


def speak_legacy(bench: Bench, name: str, values: dict[str, Any]) -> HttpAnswer:
    """Speak as pilot3 3.11 does: api/v1 where there is nothing else."""
    if not BY_NAME[name].legacy:
        return modern(bench, name, values)
    return legacy(bench, name, in_legacy(name, values))


def speak_form(bench: Bench, name: str, values: dict[str, Any]) -> HttpAnswer:
    """Speak as curl does, url-encoded, and take the answer so."""
    if not BY_NAME[name].legacy:
        return modern(bench, name, values)
    return form(bench, name, in_legacy(name, values))


def speak_modern(bench: Bench, name: str, values: dict[str, Any]) -> HttpAnswer:
    """Speak as later pilots do."""
    return modern(bench, name, in_modern(name, values))


DIALECTS: dict[str, Speak] = {
    "legacy, JSON": speak_legacy,
    "legacy, form": speak_form,
    "api/v1": speak_modern,
}


def told(story: str, speak: Speak) -> Bench:
    """Return the server after *story*."""
    bench = Bench()
    bench.server.queues[QUEUE] = {"harvester": "h"}
    bench.server.keys |= {"pub": "PUBLIC", "priv": "PRIVATE"}
    bench.server.vault.clients["pilot_server"] = {"vo": "atlas", "role": "pilot"}
    bench.server.token_keys["pilot_server"] = "k"
    for changes in JOBS.get(story, [{"panda_id": 1}, {"panda_id": 2}]):
        bench.server.define_job(spec(**changes))
    for wait_s, name, values in STORIES[story]:
        bench.dial.now += wait_s
        bench.server.reap(bench.dial.now)
        assert 200 == speak(bench, name, values).status, name
    return bench


def state_of(bench: Bench) -> str:
    """Return a digest of the whole model."""
    text = json.dumps(bench.server.snapshot(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def table() -> str:
    """Return what each dialect leaves of each story."""
    heads = "".join(f"{name:>16}" for name in DIALECTS)
    rows = [f"{'story':28}{'requests':>9}{heads}  same model, same journal"]
    for story in STORIES:
        benches = [told(story, speak) for speak in DIALECTS.values()]
        models = [state_of(bench) for bench in benches]
        journals = {bench.journal.identity() for bench in benches}
        same = (
            f"{'yes' if len(set(models)) == 1 else 'NO'}, {'yes' if len(journals) == 1 else 'NO'}"
        )
        cells = "".join(f"{model:>16}" for model in models)
        rows.append(f"{story:28}{len(STORIES[story]):>9}{cells}  {same}")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())

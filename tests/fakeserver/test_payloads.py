"""What real pilots sent is taken, every variable of it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from fakeserver.wire import JSON
from fakeserver.wire import HttpRequest
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import BY_NAME
from tests.fakeserver.speakers import ask

FOLDER = Path(__file__).parent / "payloads"
# From flights of first-job, hanging-transfer, sigterm, itb-queue, final-refused and
# voms-attributes-expired: one request of each kind, state and set of variables.
REQUESTS = [
    pytest.param(each, id=f"{path.stem} {each['path']} {each['fields'].get('state', '')}")
    for path in sorted(FOLDER.glob("pilot-*.json"))
    for each in json.loads(path.read_text(encoding="utf-8"))
]
# What the builders of the request bodies of both releases can write beyond that: pilot3@a090538b
# and panda-pilot@3.7.0.36: pilot/control/job.py (get_data_structure, get_dispatcher_dictionary,
# add_data_structure_ids, add_timing_and_extracts), pilot/user/atlas/utilities.py, pilot.py.
_UPDATE = """
    jobId state timestamp siteName node attemptNr schedulerID pilotID batchID startTime xml metaData
    stdout coreCount meanCoreCount nEvents cpuConsumptionTime cpuConversionFactor
    cpuConsumptionUnit cpu_architecture_level jobMetrics source_site destination_site pilotTiming
    pilotLog endTime pilotErrorCode pilotErrorDiag transExitCode exeErrorCode exeErrorDiag maxRSS
    maxVMEM maxSWAP maxPSS avgRSS avgVMEM avgSWAP avgPSS totRCHAR totWCHAR totRBYTES totWBYTES
    rateRCHAR rateWCHAR rateRBYTES rateWBYTES corruptedFiles
"""
_GET = """
    siteName computingElement prodSourceLabel diskSpace workingGroup cpu mem node jobType
    allowOtherCountry countryGroup prodUserID taskID viaTopic resourceType harvester_id worker_id
"""
WRITTEN = {
    "update_job": _UPDATE.split(),
    "acquire_jobs": _GET.split(),
    "update_worker_status": ["workerID", "harvesterID", "status", "site", "node_id"],
    "acquire_event_ranges": ["pandaID", "jobsetID", "taskID", "nRanges"],
    "update_event_ranges": ["eventRanges", "version"],
    "set_debug_mode": ["pandaID", "modeOn"],
    "get_access_token": ["client_name", "token_key"],
    "get_proxy": ["role", "dn"],
    "get_key_pair": ["publicKeyName", "privateKeyName"],
    "get_user_secrets": ["keys"],
}


@pytest.mark.parametrize("sent", REQUESTS)
def test_a_request_of_a_real_pilot_is_taken(bench: Bench, sent: dict[str, Any]) -> None:
    first = 6_000_000_001
    queue = sent["fields"]["siteName"]
    bench.server.define_job(
        spec(first, queue=queue, label=sent["fields"].get("prodSourceLabel", "managed"))
    )
    if "state" in sent["fields"]:
        from fakeserver.dispatch import JobRequest

        bench.server.dispatch(JobRequest(queue, "managed"), who="pilot-1", now=bench.dial.now)
    body = gzip.compress(json.dumps(sent["fields"]).encode(), mtime=0)
    request = HttpRequest(sent["method"], sent["path"], content_type=JSON, body=body)
    answer = ask(bench, request)
    assert (200, []) == (answer.status, bench.refusals())
    assert answer.body.startswith(b"StatusCode=0")


def test_there_are_requests_of_both_releases_and_of_each_state() -> None:
    files = sorted(path.name for path in FOLDER.glob("pilot-*.json"))
    assert ["pilot-3.11.5.1.json", "pilot-3.7.0.36.json"] == files
    for name in files:
        sent = json.loads((FOLDER / name).read_text(encoding="utf-8"))
        states = {each["fields"].get("state") for each in sent}
        assert {None, "starting", "running", "finished", "failed"} == states


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_every_variable_that_a_pilot_writes_is_known(name: str) -> None:
    known = {each.legacy for each in BY_NAME[name].takes}
    assert set(WRITTEN[name]) <= known

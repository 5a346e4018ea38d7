"""getStatus and get_job_status."""

from __future__ import annotations

from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import PERSON
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read


def test_states_of_several_jobs(bench: Bench) -> None:
    bench.server.define_job(spec(1, attempt=3))
    said = read(legacy(bench, "get_job_status", {"ids": "1 404 x"}))
    expected = {"StatusCode": 0, "status": "activated+notfound+notfound", "attemptNr": "3+0+0"}
    assert expected == said


def test_states_in_api_v1_anybody_may_ask_for(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    said = read(modern(bench, "get_job_status", {"job_ids": [1, 404]}, identity=PERSON))
    expected = [
        {"job_id": 1, "status": "activated", "attempt_number": 1},
        {"job_id": 404, "status": "not found", "attempt_number": 0},
    ]
    assert expected == said["data"]

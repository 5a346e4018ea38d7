"""Job records, good and bad, and the table of phases."""

from __future__ import annotations

from urllib.parse import parse_qsl
from urllib.parse import urlencode

import pytest

from pilotcore.job import SERVER_STATES
from pilotcore.job import TRANSITIONS
from pilotcore.job import parse_job
from pilotcore.records import panda_id_of
from pilotcore.updates import Progress
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of
from tests.pilotcore.grid import record


def test_outputs_and_log_are_told_apart_and_have_their_scopes_and_places() -> None:
    job = parse_job(
        record(
            outFiles="a,job.log.tgz,b",
            scopeOut="s1,s2",
            ddmEndPointOut="D1,DLOG,D2",
            scopeLog="s3",
        )
    )
    found = [(each.lfn, each.scope, each.endpoint) for each in job.outputs]
    assert [("a", "s1", "D1"), ("b", "s2", "D2")] == found
    assert job.log is not None
    assert ("s3", "DLOG", "G-LOG", True) == (
        job.log.scope,
        job.log.endpoint,
        job.log.guid,
        job.log.is_log,
    )


def test_a_record_means_the_same_in_json_and_url_encoded() -> None:
    form = dict(parse_qsl(urlencode(record()), keep_blank_values=True))
    assert parse_job(record()) == parse_job(form)


def test_null_means_nothing() -> None:
    job = parse_job(record(inFiles=None, jobPars="NULL", coreCount="null", logFile=""))
    assert ((), "", 1, None) == (job.inputs, job.parameters, job.cores, job.log)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"transformation": None}, 1302),
        ({"GUID": "A,B"}, 1302),
        ({"ddmEndPointOut": "A,B,C"}, 1302),
        ({"inFiles": "x" * 300}, 1190),
        ({"inFiles": "../passwd"}, 1371),
        ({"outFiles": "-rf,job.log.tgz"}, 1371),
        ({"inFiles": ".."}, 1371),
        ({}, 0),
    ],
)
def test_a_record_that_cannot_be_run_is_refused(changes: dict[str, object], code: int) -> None:
    assert code == code_of(lambda: parse_job(record(**changes)))


@pytest.mark.parametrize(
    ("value", "panda_id"), [(7, 7), ("7", 7), (None, 0), ("NULL", 0), (-1, 0), ("x", 0), ([], 0)]
)
def test_only_a_positive_number_is_a_panda_id(value: object, panda_id: int) -> None:
    assert panda_id == panda_id_of({"PandaID": value})


@pytest.mark.parametrize(("value", "kind"), [("runonce", "runonce"), ("NULL", ""), ("x", "")])
def test_a_clone_is_of_a_known_kind_or_none(value: str, kind: str) -> None:
    assert kind == parse_job(record(cloneJob=value)).clone


def test_every_phase_leads_to_final_by_way_of_the_log() -> None:
    for phase in TRANSITIONS:
        if phase not in ("log", "final"):
            assert "log" in TRANSITIONS[phase]
    assert [("final",), ()] == [TRANSITIONS["log"], TRANSITIONS["final"]]
    assert set(TRANSITIONS) - {"final"} == set(SERVER_STATES)


def test_a_phase_that_the_table_does_not_allow_is_our_own_mistake(grid: Grid) -> None:
    progress = Progress(grid.platform, before={})
    with pytest.raises(AssertionError, match="starting -> final"):
        progress.enter("final")

"""Specifications and jobs."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import InputFile
from fakeserver import Job
from fakeserver import OutputFile
from fakeserver import State
from fakeserver.jobs import KINDS
from fakeserver.jobs import check_spec
from fakeserver.jobs import spec_from
from simkernel import ScenarioError
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import spec


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"kind": "prodution"}, "did you mean 'production'"),
        ({"kind": "xyzzy"}, "one of production"),
        ({"kind": "clone"}, "clone mode"),
        ({"clone_mode": "runonce"}, "clone mode"),
        ({"kind": "clone", "clone_mode": "runtwice"}, "runonce or storeonce"),
        ({"outputs": (OutputFile("a,b"),)}, "name of a file"),
        ({"inputs": (InputFile(""),)}, "name of a file"),
        ({"outputs": (OutputFile("a"), OutputFile("a"))}, "same name"),
    ],
)
def test_a_senseless_specification_is_refused(changes: dict[str, Any], match: str) -> None:
    with pytest.raises(ScenarioError, match=match):
        check_spec(spec(1, **changes))


def test_a_panda_id_is_positive() -> None:
    with pytest.raises(ScenarioError, match="positive"):
        check_spec(spec(0))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_brings_label_and_processing_type(kind: str) -> None:
    mode = "runonce" if kind == "clone" else ""
    job = spec(1, kind=kind, clone_mode=mode)
    check_spec(job)
    assert (KINDS[kind].label, KINDS[kind].processing) == (job.source_label, job.processing)


def test_label_and_processing_type_may_be_given() -> None:
    job = spec(1, label="ptest", processing_type="pilot-ptest")
    assert ("ptest", "pilot-ptest") == (job.source_label, job.processing)


def test_a_jobset_is_the_job_itself_unless_given() -> None:
    assert (7, 99) == (spec(7).jobset, spec(7, jobset_id=99).jobset)


def test_products_are_the_outputs_and_last_the_log() -> None:
    assert ["out.dat", "7.log.tgz"] == [each.lfn for each in spec(7).products]
    assert ["out.dat"] == [each.lfn for each in spec(7, log=None).products]


@pytest.mark.parametrize(
    ("command", "debug", "expected"),
    [
        ("", False, "NULL"),
        ("tobekilled", False, "tobekilled"),
        ("", True, "debug"),
        ("tail payload.stdout", True, "debug,tail payload.stdout"),
    ],
)
def test_instructions(command: str, debug: bool, expected: str) -> None:
    assert expected == Job(spec(1), command=command, debug=debug).instructions()


@pytest.mark.parametrize("state", list(State))
def test_four_states_are_final(state: State) -> None:
    expected = state in (State.FINISHED, State.FAILED, State.CANCELLED, State.CLOSED)
    assert expected is Job(spec(1), state=state).final


def test_a_specification_is_made_of_plain_tables() -> None:
    data = {
        "panda_id": 5,
        "queue": QUEUE,
        "inputs": [{"lfn": "a", "size": 3}],
        "outputs": [{"lfn": "b", "optional": True}],
        "log": {"lfn": "c"},
    }
    made = spec_from(data)
    assert (InputFile("a", size=3),) == made.inputs
    assert (OutputFile("b", optional=True),) == made.outputs
    assert OutputFile("c") == made.log


@pytest.mark.parametrize(
    ("data", "match"),
    [
        ({"panda_id": 5, "queue": "Q", "priorty": 3}, "did you mean 'priority'"),
        ({"panda_id": 5, "queue": "Q", "log": {"lfm": "x"}}, "did you mean 'lfn'"),
        ({"panda_id": 5}, "needs 'queue'"),
        ({"panda_id": 5, "queue": "Q", "qqqqqqqq": 1}, "has no 'qqqqqqqq'"),
    ],
)
def test_a_wrong_table_is_refused(data: dict[str, Any], match: str) -> None:
    with pytest.raises(ScenarioError, match=match):
        spec_from(data)

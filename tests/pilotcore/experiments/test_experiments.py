"""What each experiment does otherwise than others."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pilotcore.definitions import Queue
from pilotcore.experiments import End
from pilotcore.experiments import Experiment
from pilotcore.experiments import Site
from pilotcore.experiments import load
from pilotcore.experiments.experiment import REPORT
from pilotcore.job import Job
from pilotcore.job import parse_job
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of
from tests.pilotcore.grid import record

JOB = parse_job(record())
PROGRAM = replace(JOB, transformation="run.sh", parameters="-x 1")


def site(home: Path, **env: str) -> Site:
    platform = Grid(home).platform
    return Site(platform, Logbook(platform), env, queue=Queue("Q", "R"))


def said(code: int, words: str = "", *, home: Path = Path("/nowhere")) -> End:
    return End(code, words, home)


def test_nobody_in_particular_runs_the_script_as_it_is(tmp_path: Path) -> None:
    here = site(tmp_path)
    assert "./payload --events 10" == Experiment().payload(JOB, "./payload", here)
    assert "run.sh -x 1" == Experiment().payload(PROGRAM, "", here)


def test_nobody_in_particular_knows_words_of_failed_payloads_only(tmp_path: Path) -> None:
    here, words = site(tmp_path), "Failed to mount image"
    failure = Experiment().explain(said(255, words), here)
    assert failure is not None
    assert (1309, "exit code 255") == (failure.code, failure.detail)
    assert Experiment().explain(said(0, words), here) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "x" * 100])
def test_a_report_that_is_none_says_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / REPORT).write_text(text)
    assert {} == said(1, home=tmp_path).report()


def test_atlas_reads_the_report_of_a_failed_transform(tmp_path: Path) -> None:
    atlas, here = load("atlas"), site(tmp_path)
    (tmp_path / REPORT).write_text(json.dumps({"exitMsg": "Fatal error in athena: no field"}))
    failure = atlas.explain(said(65, home=tmp_path), here)
    assert failure is not None
    assert (1305, "exit code 65: Fatal error in athena: no field") == (failure.code, failure.detail)
    assert atlas.explain(said(0, home=tmp_path), here) is None


def test_words_that_are_known_count_more_than_the_report(tmp_path: Path) -> None:
    (tmp_path / REPORT).write_text(json.dumps({"exitMsg": "something"}))
    end = said(65, "General payload setup verification error", home=tmp_path)
    failure = load("atlas").explain(end, site(tmp_path))
    assert failure is not None
    assert 1110 == failure.code


@pytest.mark.parametrize("message", [None, 7, "OK"])
def test_a_report_without_a_message_leaves_the_exit_code(message: object, tmp_path: Path) -> None:
    (tmp_path / REPORT).write_text(json.dumps({"exitMsg": message}))
    assert load("atlas").explain(said(65, home=tmp_path), site(tmp_path)) is None


def test_a_payload_of_atlas_without_its_release_is_told_of(tmp_path: Path) -> None:
    job = replace(PROGRAM, release="Atlas-25.0.20")
    here = site(tmp_path, ATLAS_SW_BASE=str(tmp_path))
    assert 1110 == code_of(lambda: load("atlas").payload(job, "", here))
    assert load("atlas").monitor(job, here) is None


def test_charmm_believes_the_words_and_not_the_code(tmp_path: Path) -> None:
    charmm, here = load("charmm"), site(tmp_path)
    words = "***** LEVEL  0 WARNING FROM <A> *****\n***** LEVEL -5 WARNING FROM <B> *****\n"
    failure = charmm.explain(said(0, f"{words}ABNORMAL TERMINATION"), here)
    assert failure is not None
    assert (1305, "abnormal termination in B, exit code 0") == (failure.code, failure.detail)
    assert charmm.explain(said(0, f"{words}NORMAL TERMINATION BY NORMAL STOP"), here) is None


def test_dusel_wants_its_software_before_it_takes_a_job(tmp_path: Path) -> None:
    dusel = load("dusel")
    for here in (site(tmp_path), site(tmp_path, OSG_APP=str(tmp_path))):
        assert 1377 == code_of(lambda here=here: dusel.check_node(here, orders=Orders()))
    (tmp_path / "dusel").mkdir()
    here = site(tmp_path, OSG_APP=str(tmp_path))
    assert 0 == code_of(lambda: dusel.check_node(here, orders=Orders()))
    assert {"DUSEL_GEOMETRY": f"{tmp_path}/dusel/geometry"} == dusel.environment(JOB, here)


def test_osg_takes_what_the_site_names_and_misses_nothing_else(tmp_path: Path) -> None:
    osg, bare = load("osg"), site(tmp_path)
    assert {} == osg.environment(JOB, bare)
    assert "./payload --events 10" == osg.payload(JOB, "./payload", bare)
    (tmp_path / "setup.sh").touch()
    here = site(tmp_path, OSG_GRID=str(tmp_path), OSG_APP="/app", OSG_WN_TMP=str(tmp_path))
    assert {"TMPDIR": str(tmp_path)} == osg.environment(JOB, here)
    assert f"source {tmp_path}/setup.sh && /app/run.sh -x 1" == osg.payload(PROGRAM, "", here)


def test_osg_refuses_a_program_of_a_site_that_has_none(tmp_path: Path) -> None:
    osg = load("osg")
    assert 1110 == code_of(lambda: osg.check_job(PROGRAM, site(tmp_path)))
    assert 0 == code_of(lambda: osg.check_job(PROGRAM, site(tmp_path, OSG_APP="/app")))
    assert 0 == code_of(lambda: osg.check_job(JOB, site(tmp_path)))


class Strict(Experiment):
    """Refuses every job, after it has changed the queue."""

    def queue_of(self, queue: Queue, here: Site) -> Queue:
        return replace(queue, resource="OTHER")

    def check_job(self, job: Job, here: Site) -> None:
        assert here.queue is not None
        raise KeyError(here.queue.resource)


def test_what_a_plug_in_raises_fails_its_job_and_not_the_pilot(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotcore.pilot.load", lambda name: Strict())
    assert 0 == grid.fly()
    assert ("failed", 1301) == (grid.final["state"], int(grid.final["pilotErrorCode"]))
    assert "KeyError: 'OTHER'" in grid.final["pilotErrorDiag"]

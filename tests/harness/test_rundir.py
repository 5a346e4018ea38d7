"""A run is there whole or not at all, and nothing is lost on the way."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.rundir import file_name
from harness.rundir import find_run
from harness.rundir import new_run
from harness.rundir import run_path
from harness.rundir import settle


class KilledError(BaseException):
    """What a test throws where a process would have been killed."""


def fly(runs: Path, *, content: str, complete: bool = True) -> Path:
    """Make a run whose journal is *content*."""
    with new_run(runs, scenario="sigterm.payload", pilot="core", seed=7) as draft:
        (draft.path / "events.jsonl").write_text(content)
        if complete:
            draft.complete()
    return draft.final


def journal(runs: Path) -> str:
    """Return the journal of the run that a reader finds."""
    return (runs / "sigterm.payload/core-7/events.jsonl").read_text()


def folders(runs: Path) -> list[str]:
    """Return every folder of the scenario's runs, drafts included."""
    home = runs / "sigterm.payload"
    return sorted(path.name for path in home.iterdir() if path.is_dir())


def test_a_complete_run_stands_under_scenario_pilot_and_seed(tmp_path: Path) -> None:
    final = fly(tmp_path, content="one")
    assert tmp_path / "sigterm.payload/core-7" == final
    assert "one" == journal(tmp_path)
    assert ["core-7"] == folders(tmp_path)


def test_while_it_is_flown_a_run_is_not_there(tmp_path: Path) -> None:
    with new_run(tmp_path, scenario="sigterm.payload", pilot="core", seed=7) as draft:
        assert not draft.final.exists()
        assert draft.path.is_dir()


def test_latest_names_the_last_complete_run(tmp_path: Path) -> None:
    fly(tmp_path, content="one")
    with new_run(tmp_path, scenario="first-job", pilot="core", seed=1) as draft:
        draft.complete()
    assert "first-job/core-1" == os.readlink(tmp_path / "latest")
    assert draft.final.resolve() == find_run(tmp_path / "latest")


def test_a_run_that_is_not_completed_does_not_become_the_latest(tmp_path: Path) -> None:
    fly(tmp_path, content="one")
    with new_run(tmp_path, scenario="first-job", pilot="core", seed=1):
        pass
    assert "sigterm.payload/core-7" == os.readlink(tmp_path / "latest")


def test_a_folder_called_latest_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    fly(tmp_path, content="one")
    assert not (tmp_path / "latest").is_symlink()


def test_a_new_run_replaces_the_older_one_of_its_name(tmp_path: Path) -> None:
    fly(tmp_path, content="one")
    fly(tmp_path, content="two")
    assert "two" == journal(tmp_path)
    assert ["core-7"] == folders(tmp_path)


def test_an_older_run_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    fly(tmp_path, content="one")
    fly(tmp_path, content="half", complete=False)
    assert "one" == journal(tmp_path)


def test_a_flight_that_breaks_off_leaves_its_draft_to_look_at(tmp_path: Path) -> None:
    with (
        pytest.raises(KilledError),
        new_run(tmp_path, scenario="sigterm.payload", pilot="core", seed=7) as draft,
    ):
        (draft.path / "events.jsonl").write_text("half")
        raise KilledError
    assert "half" == (draft.path / "events.jsonl").read_text()
    assert not draft.final.exists()


@pytest.mark.parametrize("fatal", range(1, 8))
def test_killed_at_any_step_of_the_replacement_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fatal: int
) -> None:
    fly(tmp_path, content="one")
    steps = iter(range(1, 100))

    def killed_at(step: object) -> object:
        def act(*given: object, **named: object) -> object:
            if next(steps) == fatal:
                raise KilledError
            return step(*given, **named)  # type: ignore[operator]

        return act

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed_at(Path.rename))
        patch.setattr(Path, "replace", killed_at(Path.replace))
        patch.setattr(shutil, "rmtree", killed_at(shutil.rmtree))
        with suppress(KilledError):
            fly(tmp_path, content="two")
    found = find_run(tmp_path / "sigterm.payload/core-7")
    content = (found / "events.jsonl").read_text()
    # Which of the two depends on the step; that one of them is there whole does not.
    assert content in ("one", "two")
    ready = "two" if fatal > 1 else "one"
    assert ready == content
    assert "core-7" in folders(tmp_path)
    assert not [name for name in folders(tmp_path) if name.endswith(("ready", "older"))]


def _fly_until_killed(runs: Path) -> None:
    with new_run(runs, scenario="sigterm.payload", pilot="core", seed=7) as draft:
        (draft.path / "events.jsonl").write_text("half")
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_process_left_goes_with_the_next_run(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_fly_until_killed, args=[tmp_path]
    )
    process.start()
    process.join()
    assert -signal.SIGKILL == process.exitcode
    assert 1 == len(folders(tmp_path))
    fly(tmp_path, content="two")
    assert ["core-7"] == folders(tmp_path)


def test_the_draft_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "sigterm.payload/.core-7.draft-1"
    other.mkdir(parents=True)
    fly(tmp_path, content="one")
    assert other.is_dir()


def test_a_run_is_found_by_its_folder_or_a_file_in_it(tmp_path: Path) -> None:
    final = fly(tmp_path, content="one")
    assert final.resolve() == find_run(final)
    assert final.resolve() == find_run(final / "events.jsonl")


def test_no_run_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no run directory at"):
        find_run(tmp_path / "nowhere/core-1")


def test_settling_where_there_is_nothing_does_nothing(tmp_path: Path) -> None:
    settle(tmp_path / "nowhere/core-1")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pypi:3.7.0.36", "pypi-3.7.0.36"),
        ("../../etc", "etc"),
        ("a b/c", "a-b-c"),
        ("...", "unnamed"),
        ("sigterm[stage-in]", "sigterm.stage-in"),
    ],
)
def test_names_become_plain_file_names(text: str, name: str) -> None:
    assert name == file_name(text)


@given(st.text(), st.text(), st.integers(0, 2**63))
def test_no_name_leads_out_of_the_folder_of_runs(scenario: str, pilot: str, seed: int) -> None:
    path = run_path(Path("/runs"), scenario=scenario, pilot=pilot, seed=seed)
    assert Path("/runs") == path.parent.parent
    assert not path.name.startswith(".")
    assert not path.parent.name.startswith(".")

"""What a later pilot does with a job whose pilot is gone."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

import pytest

from pilotcore.data.stage_out import StoredFile
from pilotcore.errors import Failure
from pilotcore.logbook import Logbook
from pilotcore.platform import HttpFailure
from pilotcore.recovery import ledger
from pilotcore.workplace import LOCK
from pilotcore.workplace import abandoned
from pilotcore.workplace import make_workplace
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.grid import turl

OUTPUT = b"output " * 100
STORED = StoredFile("out.root", "G-OUT", len(OUTPUT), "12345678", turl("mc", "out.root"), "DISK")


def leave(grid: Grid, *, outputs: bool = True, **facts: Any) -> Path:
    """Leave behind what a pilot leaves that was killed; return its directory."""
    directory = grid.start / "pilotcore_1"
    job = directory / "PanDA_Pilot-6001"
    job.mkdir(parents=True)
    (directory / LOCK).touch()
    if outputs:
        (job / "out.root").write_bytes(OUTPUT)
    book = ledger.begin(directory, record(), key="6001-3", log=Logbook(grid.platform))
    if facts:
        book.note(**facts)
    grid.jobs = []
    return directory


def test_outputs_that_were_made_are_stored_and_registered(grid: Grid) -> None:
    directory = leave(grid, payload_code=0)
    assert 0 == grid.fly("--cleanup", "True")
    assert OUTPUT == grid.storage[turl("mc", "out.root")]
    assert {"out.root", "job.log.tgz"} == set(grid.xml)
    assert ("finished", 0) == (grid.final["state"], grid.final["transExitCode"])
    assert not directory.exists()


def test_a_job_whose_payload_had_not_ended_is_reported_as_failed(grid: Grid) -> None:
    leave(grid)
    grid.fly()
    assert ("failed", 1200) == (grid.final["state"], grid.final["pilotErrorCode"])
    assert {"job.log.tgz"} == set(grid.xml)
    assert turl("mc", "out.root") not in grid.storage


def test_what_had_gone_wrong_is_what_is_reported(grid: Grid) -> None:
    leave(grid, payload_code=1, failure=Failure(1305, "no such geometry"))
    grid.fly()
    assert ("failed", 1305) == (grid.final["state"], grid.final["pilotErrorCode"])
    assert "no such geometry" in grid.final["pilotErrorDiag"]


def test_a_file_that_had_been_stored_is_registered_and_not_stored_again(grid: Grid) -> None:
    leave(grid, payload_code=0, stored=[STORED])
    grid.fly()
    assert turl("mc", "out.root") not in grid.storage
    assert STORED.fields() == grid.xml["out.root"]


@pytest.mark.parametrize("command", ["tobekilled", "alreadydone"])
def test_a_job_that_the_server_has_given_up_is_only_cleaned_up(grid: Grid, command: str) -> None:
    directory = leave(grid, payload_code=0)
    grid.commands = [command]
    grid.fly("--cleanup", "True")
    assert ["running"] == grid.states
    assert turl("mc", "out.root") not in grid.storage
    assert not directory.exists()


def test_a_server_that_does_not_answer_leaves_the_job_to_the_next_pilot(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = leave(grid, payload_code=0)

    def silent(_update: dict[str, Any]) -> Any:
        raise HttpFailure("no answer", reached=False)

    monkeypatch.setattr(grid, "take", silent)
    grid.fly("--cleanup", "True")
    assert (directory / "job-6001-3.json").exists()


def test_the_directory_of_a_pilot_that_lives_is_left_alone(grid: Grid) -> None:
    directory = leave(grid, payload_code=0)
    with (directory / LOCK).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        grid.fly("--cleanup", "True")
    assert [] == grid.updates
    assert (directory / "job-6001-3.json").exists()


def test_without_recovery_nothing_is_touched(grid: Grid) -> None:
    directory = leave(grid, payload_code=0)
    grid.fly("--no-recovery", "--cleanup", "True")
    assert [] == grid.updates
    assert (directory / "job-6001-3.json").exists()


def test_nothing_more_is_said_of_a_job_whose_final_update_was_kept(grid: Grid) -> None:
    leave(grid, payload_code=0)
    kept = grid.start / "pilotcore-final-6001-3.json"
    kept.write_text('{"jobId": "6001", "state": "finished"}')
    grid.fly()
    assert ["finished"] == grid.states


@pytest.mark.parametrize(("lives", "said"), [(True, []), (False, ["finished"])])
def test_the_last_word_of_a_pilot_that_lives_is_its_own(
    grid: Grid, lives: bool, said: list[str]
) -> None:
    directory = leave(grid, payload_code=0)
    kept = grid.start / "pilotcore-final-6001-3.json"
    kept.write_text(f'{{"jobId": "6001", "state": "finished", "workplace": "{directory.name}"}}')
    with (directory / LOCK).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX if lives else fcntl.LOCK_UN)
        grid.fly()
    assert (said, lives) == (grid.states, kept.exists())
    assert all("workplace" not in each for each in grid.updates)


def test_a_pilot_that_ends_leaves_no_ledger_and_no_lock(grid: Grid) -> None:
    grid.fly()
    left = sorted(path.name for path in (grid.start / "pilotcore_1").iterdir())
    assert ["PanDA_Pilot-6001", "pilot.db"] == left


def test_a_ledger_holds_no_secret_and_is_its_owners_alone(grid: Grid) -> None:
    grid.start.mkdir()
    secret = record(secrets="hush")
    book = ledger.begin(grid.start, secret, key="1-1", log=Logbook(grid.platform))
    assert "hush" not in book.path.read_text()
    assert 0o600 == book.path.stat().st_mode & 0o777


@pytest.mark.parametrize("text", ["", "{", "[]", '{"record": 1}', '{"stored": []}'])
def test_a_torn_ledger_is_passed_over(grid: Grid, text: str) -> None:
    directory = leave(grid)
    (directory / "job-6001-3.json").write_text(text)
    assert 0 == grid.fly()
    assert [] == grid.updates


def test_two_pilots_have_directories_of_their_own_and_hold_them(tmp_path: Path) -> None:
    first, second = make_workplace(tmp_path), make_workplace(tmp_path)
    names = [first.directory.name, second.directory.name]
    assert ["pilotcore_1", "pilotcore_2"] == names
    assert [] == [each.directory for each in abandoned(tmp_path, but=tmp_path)]
    assert first.lock is not None
    first.lock.release()
    assert [first.directory] == [each.directory for each in abandoned(tmp_path, but=tmp_path)]
    second.release()
    assert not (second.directory / LOCK).exists()

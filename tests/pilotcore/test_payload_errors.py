"""What a payload that failed leaves to explain itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotcore.core_files import own_core
from pilotcore.errors import Failure
from pilotcore.payload import Ended
from pilotcore.payload import failure_of
from pilotcore.payload_errors import COMPLAINTS
from pilotcore.payload_errors import code_of_words
from pilotcore.payload_errors import said
from pilotcore.platform import Exit
from tests.pilotcore.grid import Grid
from tests.pilotcore.scripted import ScriptedChild


@pytest.mark.parametrize(("text", "error"), COMPLAINTS)
def test_known_words_are_an_error_if_there_is_an_exit_code(text: str, error: int) -> None:
    words = f"12:00:00 FATAL {text} (and so on)"
    assert (error, 0) == (code_of_words(65, words), code_of_words(0, words))


@pytest.mark.parametrize("code", [1, 42, 65, 254])
def test_other_words_are_the_payloads_own(code: int) -> None:
    assert 0 == code_of_words(code, "setup of the geometry: verification of 12 volumes done")


def test_both_outputs_are_read_and_none_need_be_there(tmp_path: Path) -> None:
    assert "" == said(tmp_path)
    (tmp_path / "payload.stdout").write_text("out")
    (tmp_path / "payload.stderr").write_text("err")
    assert "err\nout" == said(tmp_path)


def test_only_a_core_of_its_own_processes_is_the_payloads(tmp_path: Path) -> None:
    for name in ("core.7", "core.12", "core.9.txt", "score.12"):
        (tmp_path / name).write_text("")
    assert ("core.12", "") == (own_core(tmp_path, {12, 13}), own_core(tmp_path, {1, 2}))


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (Ended(0), None),
        (Ended(0, core="core.12"), 1355),
        (Ended(7), 1305),
        (Ended(7, explained=Failure(1110)), 1110),
        (Ended(7, core="core.12", explained=Failure(1110)), 1355),
    ],
)
def test_the_end_of_a_payload_is_named(ended: Ended, code: int | None) -> None:
    failure = failure_of(ended)
    assert code == (failure.code if failure else None)


def test_words_of_the_payload_name_the_error_of_the_job(tmp_path: Path) -> None:
    grid = Grid(tmp_path)

    def run_payload(child: ScriptedChild) -> Exit:
        assert child.command.stderr is not None
        child.command.stderr.write_text("FATAL: Failed to mount image\n")
        return Exit(255)

    grid.run_payload = run_payload  # type: ignore[method-assign]
    grid.fly()
    assert (1309, 255) == (grid.final["pilotErrorCode"], grid.final["transExitCode"])

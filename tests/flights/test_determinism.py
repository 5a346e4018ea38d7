"""Same scenario, seed and pilot: the same bytes, wherever and whenever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.flight import JOURNAL
from harness.replay import replay
from tests.flights.conftest import Fly

PILOTS = ["core", pytest.param("pypi:3.7.0.36", marks=[pytest.mark.real, pytest.mark.network])]


def hashes(folder: Path, *, pilot: str, hash_seed: str, seeds: str) -> list[str]:
    """Fly in a process of its own, in another folder, with another PYTHONHASHSEED."""
    command = [sys.executable, "-m", "harness.cli", "run", "first-job", "--pilot", pilot]
    ran = subprocess.run(
        [*command, "--seeds", seeds, "--json", "--runs", str(folder)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line)["sha256"] for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("pilot", PILOTS)
def test_two_processes_with_different_hash_seeds_write_the_same_journals(
    pilot: str, tmp_path: Path
) -> None:
    first = hashes(tmp_path / "one", pilot=pilot, hash_seed="1", seeds="1-2")
    second = hashes(tmp_path / "a-longer-name", pilot=pilot, hash_seed="2", seeds="1-2")
    assert first == second
    assert 2 == len(set(first))


def test_a_replay_is_the_same_byte_for_byte(flights: Fly) -> None:
    verdict, _ = flights("lost-answer::final")
    assert replay(Path(verdict.run_dir)).same


def test_a_replay_names_the_first_line_that_differs(flights: Fly) -> None:
    verdict, _ = flights("first-job")
    journal = Path(verdict.run_dir) / JOURNAL
    lines = journal.read_text().splitlines(keepends=True)
    lines[9] = lines[9].replace('"n":8', '"n":8000')
    journal.write_text("".join(lines))
    result = replay(Path(verdict.run_dir))
    assert (False, 10) == (result.same, result.line)
    assert '"n":8000' in result.expect
    assert '"n":8,' in result.actual


def test_a_machine_without_namespaces_gives_equal_journals_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLIGHTSIM_WALLS", "first")
    first = hashes(tmp_path / "one", pilot="core", hash_seed="1", seeds="1")
    second = hashes(tmp_path / "other", pilot="core", hash_seed="2", seeds="1")
    assert first == second

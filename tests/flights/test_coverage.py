"""Coverage of a pilot: the journal does not know of it, and a campaign adds up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.cli import main
from harness.coverage import FILE
from harness.coverage import merged
from harness.interpreters import look

PYTHONS = [each.found.path for each in look() if each.found]


def flown(
    runs: Path, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[list[dict[str, object]], str]:
    """Fly from the command line; return the verdicts and what else was said."""
    assert 0 == main(["run", *words, "--runs", str(runs), "--json"])
    said = capsys.readouterr()
    return [json.loads(line) for line in said.out.splitlines()], said.err


@pytest.mark.parametrize("python", PYTHONS)
def test_the_journal_is_the_same_with_and_without(
    python: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("first-job", "--pilot-python", python)
    (plain,), _ = flown(tmp_path / "plain", capsys, *words)
    (covered,), said = flown(tmp_path / "covered", capsys, *words, "--coverage")
    assert plain["sha256"] == covered["sha256"]
    rows = {line.split()[0]: line.split()[1:] for line in said.splitlines() if ".py" in line}
    assert {"pilotcore/pilot.py", "pilotcore/heartbeat.py"} <= set(rows)
    total = re.search(r"^total +(\d+) +(\d+) +(\d+)%$", said, re.MULTILINE)
    assert total is not None
    assert 60 < int(total[3]) < 95


def test_a_campaign_adds_up_and_a_killed_pilot_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("first-job", "sigterm::payload", "--coverage", "-n", "2")
    verdicts, said = flown(tmp_path, capsys, *words)
    parts = [merged([Path(str(each["run_dir"])) / FILE])[0] for each in verdicts]
    whole = merged(Path(str(each["run_dir"])) / FILE for each in verdicts)[0]
    for name, lines in whole.files.items():
        assert lines == set().union(*(part.files.get(name, set()) for part in parts))
    counts = [sum(map(len, each.files.values())) for each in (*parts, whole)]
    assert counts[2] > max(counts[:2]) > 0
    assert f"coverage report --data-file {tmp_path / '.coverage'}" in said
    assert (tmp_path / ".coverage").is_file()


def test_a_report_adds_up_runs_that_are_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = flown(tmp_path, capsys, "first-job", "--coverage")
    assert 0 == main(["report", str(tmp_path), "--coverage"])
    again = capsys.readouterr().out
    (total,) = [line for line in said.splitlines() if line.startswith("total ")]
    assert total in again

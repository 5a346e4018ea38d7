"""``flightsim grid``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from harness.cli import main

SMALL = ["grid", "--sites", "UC_ITB", "--jobs", "20", "--hours", "3"]


def test_it_prints_a_table_and_writes_what_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures, rows = tmp_path / "sites.csv", tmp_path / "jobs.csv"
    assert main([*SMALL, "--csv", str(figures), "--jobs-csv", str(rows)]) == 0
    out = capsys.readouterr().out
    assert "UC_ITB  lsf" in out
    assert "20 jobs" in out
    (site,) = csv.DictReader(figures.read_text().splitlines())
    ends = list(csv.DictReader(rows.read_text().splitlines()))
    done = [row for row in ends if row["jobstatus"] == "finished"]
    assert (site["site"], int(site["finished"])) == ("UC_ITB", len(done))


def test_the_same_seed_gives_the_same_json(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for seed in ("1", "1", "2"):
        assert main([*SMALL, "--json", "--seed", seed]) == 0
        printed.append(json.loads(capsys.readouterr().out))
    assert printed[0] == printed[1]
    assert printed[0]["digest"] != printed[2]["digest"]


def test_a_trace_is_run_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "jobs.csv"
    main([*SMALL, "--jobs-csv", str(rows)])
    capsys.readouterr()
    assert main(["grid", "--sites", "UC_ITB", "--trace", str(rows), "--json"]) == 0
    grid = json.loads(capsys.readouterr().out)["grid"]
    assert grid["created"] == grid["finished"] + grid["failed"] > 0


def test_a_file_with_a_mistake_is_the_users(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("sede = 1\n")
    assert main(["grid", str(path)]) == 3
    assert "mine.toml: unknown field 'sede' — did you mean seed" in capsys.readouterr().err
    assert main(["grid", str(path), "--sites", "BNL"]) == 3

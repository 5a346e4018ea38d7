"""An ordinary job is done at every site of the catalogue that takes such jobs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fakesites.sitespec import load_site
from harness.cli import main

SITES = ("AGLT2", "CALTECH", "FNAL", "GOOGLE", "LBNL", "MWT2", "NERSC", "UC")
SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "first-job.toml"


def at_site(name: str) -> str:
    """Return the first scenario, moved to the site *name* and its first queue."""
    text = SCENARIO.read_text(encoding="utf-8")
    for key, value in {"site": name, "queue": load_site(name).queues[0].name}.items():
        text, count = re.subn(rf"(?m)^{key}\s*=.*$", f'{key} = "{value}"', text)
        assert count == 1
    return text


@pytest.mark.parametrize("name", SITES)
def test_the_reference_pilot_does_its_job(name: str, tmp_path: Path) -> None:
    path = tmp_path / "first-job.toml"
    path.write_text(at_site(name), encoding="utf-8")
    assert main(["run", str(path), "--runs", str(tmp_path / "runs"), "-n", "1"]) == 0

"""Which experiments a pilot has a plug-in for."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pilots import Installed
from harness.pilots import applies
from harness.pilots.plugins import experiments_of


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    """Return a pilot with plug-ins for two experiments, and an empty folder."""
    for name in ("atlas/common.py", "generic/common.py", "ska/notes.txt"):
        path = tmp_path / "pilot" / "user" / name
        path.parent.mkdir(parents=True)
        path.touch()
    return Installed(tmp_path, "tree", "3.9.9.9", "pilot3")


def test_a_plug_in_is_a_folder_with_its_code(installed: Installed) -> None:
    assert frozenset({"atlas", "generic"}) == experiments_of(installed)


@pytest.mark.parametrize(
    ("experiments", "expect"),
    [((), True), (("atlas",), True), (("ska",), False), (("atlas", "ska"), False)],
)
def test_a_pilot_applies_where_it_has_all_plug_ins(
    installed: Installed, experiments: tuple[str, ...], expect: bool
) -> None:
    assert expect is applies(installed, experiments)


def test_the_reference_pilot_applies_everywhere(tmp_path: Path) -> None:
    core = Installed(tmp_path, "tree", "0.1.0", "core")
    assert experiments_of(core) is None
    assert applies(core, ["ska"])

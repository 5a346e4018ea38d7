"""What of the machine a walled guest is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from guest.fence import tree


def test_what_belongs_to_people_and_services_is_not_shown() -> None:
    plan = tree.Plan("/srv", [])
    names = {each.split("/")[1] for each in plan.top} | {name for name, _ in plan.links}
    assert not names & (tree.PRIVATE | {"srv"})
    assert "/usr" in plan.top


def test_a_folder_in_a_private_place_is_kept_when_it_is_asked_for() -> None:
    kept = ["/var/someone/python/lib", "/var/someone/python", "/usr/lib", "/tmp/venv"]
    assert ["/tmp/venv", "/var/someone/python"] == tree.Plan("/srv", kept).kept


def test_what_lies_below_the_root_of_the_guest_cannot_be_kept() -> None:
    with pytest.raises(OSError, match="lies below /srv"):
        tree.Plan("/srv", ["/srv/flightsim/guest"])


def test_an_interpreter_is_made_of_every_folder_that_its_links_go_through(tmp_path: Path) -> None:
    for name in ("real/bin", "versions/bin", "venv/bin", "base/bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "real/bin/python3.11").touch()
    (tmp_path / "versions/bin/python").symlink_to("../../real/bin/python3.11")
    (tmp_path / "venv/bin/python").symlink_to(tmp_path / "versions/bin/python")
    (tmp_path / "venv/pyvenv.cfg").write_text(f"home = {tmp_path}/base/bin\n")
    found = tree.homes(str(tmp_path / "venv/bin/python"))
    expected = {"venv", "base", "versions", "real"}
    assert {str(tmp_path / name) for name in expected} == set(found)


def test_the_interpreter_of_the_system_needs_nothing_but_usr() -> None:
    assert [] == tree.Plan("/srv", ["/usr"]).kept

"""What the doctor says of the walls, whatever machine it looks at."""

from __future__ import annotations

from typing import Any

import pytest

from harness import doctor
from harness import grounds
from harness.standing_walls import Wall
from harness.standing_walls import walls
from simkernel import HarnessError

ALL = {
    "aslr_off": True,
    "by": "unshare",
    "capabilities": False,
    "landlock": 7,
    "namespaces": True,
    "read_only": True,
    "seccomp": True,
    "spaces": ["ipc", "mnt", "net", "pid", "uts"],
    "why": "",
}
NONE = {
    "aslr_off": True,
    "by": "",
    "capabilities": False,
    "landlock": 5,
    "namespaces": False,
    "read_only": False,
    "seccomp": True,
    "spaces": [],
    "why": "unshare: Operation not permitted",
}


def looked(found: dict[str, Any], *, wanted: str = "", proc: str = "") -> dict[str, Wall]:
    made = walls(found, wanted=wanted, read=lambda path: "0\n" if path == proc else "")
    return {each.name: each for each in made}


def test_where_all_walls_stand_nothing_is_missing() -> None:
    assert all(each.stands for each in looked(ALL).values())


def test_every_wall_says_what_it_contains() -> None:
    assert all(each.contains for each in looked(NONE).values())


def test_what_is_missing_without_namespaces_comes_with_a_remedy() -> None:
    missing = {name: each for name, each in looked(NONE).items() if not each.stands}
    spaces = {f"{name} namespace" for name in ("ipc", "mount", "network", "pid", "uts")}
    assert spaces == set(missing)
    for each in missing.values():
        assert "Operation not permitted" in each.remedy
        assert "install bubblewrap" in each.remedy


def test_landlock_stands_in_for_a_read_only_tree() -> None:
    assert looked(NONE)["Landlock"].stands
    assert not looked({**NONE, "landlock": 1})["Landlock"].stands


def test_the_switch_that_forbids_namespaces_is_named() -> None:
    path = "/proc/sys/user/max_user_namespaces"
    remedy = looked(NONE, proc=path)["pid namespace"].remedy
    assert "sysctl user.max_user_namespaces=10000" in remedy


def test_a_variable_that_leaves_walls_out_is_the_remedy() -> None:
    found = looked(NONE, wanted="first")
    assert ["audit hook"] == [name for name, each in found.items() if each.stands]
    assert "FLIGHTSIM_WALLS=first" in found["filter of system calls"].remedy


def test_bubblewrap_is_named_as_the_maker() -> None:
    assert "mount namespace, by bubblewrap" in looked({**ALL, "by": "bwrap"})


@pytest.mark.parametrize("wanted", ["", "first", "filter", "spaces"])
def test_the_doctor_ends_well_with_fewer_walls(
    wanted: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(grounds.WALLS_VARIABLE, wanted)
    grounds.walls_here.cache_clear()
    try:
        assert 0 == doctor.run()
    finally:
        grounds.walls_here.cache_clear()
    printed = capsys.readouterr().out
    assert "good  wall: audit hook" in printed
    assert (wanted in ("first", "spaces")) == ("missing wall: filter of system calls" in printed)


def test_a_value_that_means_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(grounds.WALLS_VARIABLE, "frist")
    with pytest.raises(HarnessError, match="frist"):
        grounds.walls_wanted()

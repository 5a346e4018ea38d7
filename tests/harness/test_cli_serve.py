"""``flightsim serve``: what the command line makes of its options. The server has its own tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import fakeserver.serve
from fakeserver.serve import Options
from harness.cli import main
from harness.cli._exit_codes import USAGE


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """Return the options of the servers that were to run; none does."""
    given: list[Options] = []

    def run(options: Options, **_: Any) -> int:
        given.append(options)
        return 0

    monkeypatch.setattr(fakeserver.serve, "run", run)
    return given


def test_without_options_both_ports_of_this_machine_are_served(seen: list[Options]) -> None:
    assert 0 == main(["serve"])
    assert [Options()] == seen


def test_every_option_arrives(seen: list[Options], tmp_path: Path) -> None:
    world = tmp_path / "world.json"
    world.write_text("{}")
    words = f"serve {world} --host ::1 --port 0 --plain-port - --folder f --authorities a --voms v"
    more = "--certificate c --vo cms --anonymous --store s --fsync --journal j --seed 7 --remote"
    policy = "--policy cross_vo=no --policy server_id=x --mail m"
    assert 0 == main([*words.split(), *more.split(), *policy.split()])
    expected = Options(
        worlds=(world,),
        host="::1",
        port=0,
        plain_port=None,
        folder=Path("f"),
        authorities=Path("a"),
        voms=Path("v"),
        certificate=Path("c"),
        vo="cms",
        anonymous=True,
        policy=("cross_vo=no", "server_id=x"),
        store=Path("s"),
        fsync=True,
        journal=Path("j"),
        mail=Path("m"),
        seed="7",
        remote=True,
    )
    assert [expected] == seen


@pytest.mark.parametrize(
    "words", [["--port", "65536"], ["--port", "-1"], ["--plain-port", "x"], ["missing.json"]]
)
def test_wrong_ones_are_a_matter_of_usage(seen: list[Options], words: list[str]) -> None:
    assert USAGE == main(["serve", *words])
    assert [] == seen

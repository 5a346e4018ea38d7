"""The site's own set-up."""

from __future__ import annotations

from typing import Any

import pytest

from pilotcore.definitions import tools
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.site_setup import command_of
from pilotcore.site_setup import variables
from pilotcore.site_setup import with_setup
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of
from tests.pilotcore.grid import on_clock
from tests.pilotcore.scripted import Program
from tests.pilotcore.scripted import ScriptedChild

ENV = {"A": "old", "B": "kept"}


def with_shell(grid: Grid, run: Program) -> None:
    """Let the shell that runs the set-up do *run*."""
    usual = grid.program

    def found(command: Command) -> Program | None:
        return run if "env -0" in command.argv[-1] else usual(command)

    grid.platform._program = found


def exported(**values: str) -> Program:
    said = "".join(f"{name}={value}\0" for name, value in values.items())
    return lambda _child: Exit(0, 0, said, "hello")


def merged(grid: Grid, setup: str = "source it") -> dict[str, str]:
    log = Logbook(grid.platform)
    return with_setup(grid.platform, log, ENV, setup=setup, orders=Orders())


def test_what_it_exports_is_merged_back(grid: Grid) -> None:
    with_shell(grid, exported(A="new", C="3\n4", PWD="/x", SHLVL="2", _="/bin/env"))
    assert {"A": "new", "B": "kept", "C": "3\n4"} == on_clock(grid, lambda: merged(grid))


def test_without_one_no_shell_is_started(grid: Grid) -> None:
    assert (ENV, []) == (merged(grid, ""), grid.platform.children)


@pytest.mark.parametrize(
    "bad", [Exit(1, 0, "A=1\0", "no such file"), Exit(0, 0, ""), Exit(0, 15, "A=1\0")]
)
def test_one_that_fails_is_an_error(grid: Grid, bad: Exit) -> None:
    with_shell(grid, lambda _child: bad)
    assert 1110 == on_clock(grid, lambda: code_of(lambda: merged(grid)))


def test_one_that_hangs_keeps_the_pilot_from_asking(grid: Grid) -> None:
    def hang(child: ScriptedChild) -> Exit:
        child.sleep(1e7)
        return Exit(0)

    queue: Any = {**grid.queue(), "envsetup": "sleep forever"}  # type: ignore[dict-item]
    grid.queue = lambda: queue  # type: ignore[method-assign]
    with_shell(grid, hang)
    assert 65 == grid.fly()
    assert not any(each.request.url.endswith("getJob") for each in grid.platform.asked)
    assert 300.0 == grid.platform.clock.now


def test_tools_and_payload_have_its_variables(grid: Grid) -> None:
    queue: Any = {**grid.queue(), "envsetup": "export DOOR=1"}  # type: ignore[dict-item]
    grid.queue = lambda: queue  # type: ignore[method-assign]
    with_shell(grid, exported(DOOR="1"))
    assert 0 == grid.fly()
    seen = {
        child.argv[0]: child.command.env
        for child in grid.platform.children
        if "env -0" not in child.argv[-1]
    }
    assert all("1" == (seen[name] or {}).get("DOOR") for name in ("xrdcp", "/bin/bash"))


@pytest.mark.parametrize(
    ("setup", "command"),
    [
        ("/sw/setup.sh", "source /sw/setup.sh"),
        ("/sw/a.sh;", "source /sw/a.sh"),
        ("source /sw/a.sh x; export B=1;", "{ source /sw/a.sh x; export B=1; }"),
    ],
)
def test_a_path_is_sourced_and_commands_are_run(setup: str, command: str) -> None:
    assert command == command_of(setup)


def test_what_is_no_variable_is_none() -> None:
    assert {"A": "b=c"} == variables("A=b=c\0nonsense\0\0")


def test_of_a_copysetup_with_prefixes_the_script_counts() -> None:
    assert {"xrdcp": "/sw/x.sh"} == tools({"xrdcp": {"setup": "/sw/x.sh^srm://a^root://b"}})

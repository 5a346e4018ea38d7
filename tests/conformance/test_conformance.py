"""The programs do the same for real and as guests: all here, a few on each other interpreter.

``python -m tests.conformance`` runs all of them on every interpreter of this machine.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from harness import interpreters
from tests.conformance import arms
from tests.conformance import suite
from tests.conformance.__main__ import main
from tests.conformance.node_host import NodeHost

ENOUGH = 150
STRIDE = 16
LOOKS, LOOK_S = 100, 0.1
OTHERS = [sought for sought in interpreters.look() if sought.minor != interpreters.host().minor]
SUBJECTS = sorted({name.partition("_")[0] for name in arms.names()})


@pytest.mark.parametrize("subject", SUBJECTS)
def test_programs_do_the_same_for_real_and_as_guests(subject: str, tmp_path: Path) -> None:
    chosen = [name for name in arms.names() if name.partition("_")[0] == subject]
    cells = suite.compare(chosen, sys.executable, tmp_path)
    assert [] == [cell.difference() for cell in cells if not cell.agrees]


@pytest.mark.parametrize("sought", OTHERS, ids=lambda sought: str(sought.minor))
def test_a_few_do_so_on_each_other_interpreter(sought: interpreters.Sought, tmp_path: Path) -> None:
    if sought.found is None:
        pytest.skip(f"no Python {sought.minor} found")
    first = [each.minor for each in OTHERS].index(sought.minor)
    cells = suite.compare(arms.names()[first::STRIDE], sought.found.path, tmp_path)
    assert [] == [cell.difference() for cell in cells if not cell.agrees]


@pytest.mark.parametrize("name", ["fork_daemon", "fork_outlives", "fork_kill"])
def test_forks_need_no_namespaces_and_leave_nothing_behind(name: str, tmp_path: Path) -> None:
    host = NodeHost(tmp_path / "node", python=sys.executable, namespaces=False)
    real = arms.run_real(name, sys.executable, tmp_path / "real")
    assert real.out == host.fly(arms.text_of(name))
    boot = f"{host.root}/guest/boot.py".encode()
    for _ in range(LOOKS):
        left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if boot in read(path)]
        if not left:
            break
        time.sleep(LOOK_S)  # noqa: TID251 - real processes, which end in real time
    assert [] == left


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_there_are_enough_programs() -> None:
    assert len(arms.names()) >= ENOUGH


def test_a_program_that_differs_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "differs.py").write_text('"""Shows the date."""\nimport time\nprint(time.time())\n')
    (programs / "agrees.py").write_text('"""Shows nothing."""\n')
    monkeypatch.setattr(arms, "PROGRAMS", programs)
    monkeypatch.setattr(sys, "argv", ["conformance", "-v", sys.executable])
    assert 1 == main()
    lines = capsys.readouterr().out.splitlines()
    assert ["agrees       ok", "differs    DIFF"] == lines[1:3]
    assert any(line.startswith("  guest: Result(out='1772") for line in lines)


def test_versions_that_are_not_found_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sought = (interpreters.Sought("3.9", None), interpreters.Sought("3.11", interpreters.host()))
    monkeypatch.setattr(interpreters, "look", lambda: sought)
    monkeypatch.setattr(sys, "argv", ["conformance", "-k", "lock_states"])
    assert 0 == main()
    assert ["lock_states     -    ok", "1 programs; not found: 3.9"] == [
        line for line in capsys.readouterr().out.splitlines() if "lock" in line or ";" in line
    ]

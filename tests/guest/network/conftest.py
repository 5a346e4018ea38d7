"""A world for each test's guest, and a judge who lets a program run for real, too."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Callable

import pytest

from tests.guest.network.net_world import PYTHON
from tests.guest.network.net_world import NetWorld

Agree = Callable[[str], str]


@pytest.fixture
def world(tmp_path: Path) -> NetWorld:
    """Return a world whose guest flies one program."""
    return NetWorld(tmp_path / "srv")


@pytest.fixture
def agree(world: NetWorld, tmp_path: Path) -> Agree:
    """Return a function that runs a program for real and as a guest, and demands the same.

    The program must not leave this machine: sockets of its own only.
    """

    def both(script: str) -> str:
        ground = tmp_path / "real"
        ground.mkdir()
        real = subprocess.run(
            [PYTHON, "-W", "ignore", "-c", script],
            capture_output=True,
            text=True,
            cwd=ground,
            timeout=60,
            check=False,
        )
        assert real.stdout + real.stderr == world.fly(script)
        return real.stdout

    return both

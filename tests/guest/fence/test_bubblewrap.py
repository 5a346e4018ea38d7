"""The second wall by way of bubblewrap: what it is asked for, and whether it holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guest.fence import bubblewrap
from harness.grounds import SEEN
from harness.grounds import probe
from tests.guest.hostile.flights import Herd
from tests.guest.hostile.table import WAYS
from tests.guest.hostile.ways import CONTAINED
from tests.guest.hostile.ways import REFUSED

TRIED = (
    "open(…, 'w')",
    "openat by number",
    "fchmodat by number",
    "kill of a decoy by number (orphan)",
    "an abstract socket by number",
    "a Unix socket by number",
    "TCP by number",
    "execve by number",
    "reading in the home",
)


def asked(root: str) -> list[str]:
    return bubblewrap.command(
        "/usr/bin/bwrap",
        root,
        SEEN,
        [("pilot", "/opt/pilot")],
        ["/var/someone/guest"],
        [sys.executable, "boot.py"],
    )


def pairs(words: list[str], option: str) -> list[tuple[str, str]]:
    return [(words[at + 1], words[at + 2]) for at, each in enumerate(words) if each == option]


def test_it_is_asked_for_every_namespace() -> None:
    words = asked("/tmp/run")
    wanted = {"--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"}
    assert wanted | {"--die-with-parent", "--new-session"} <= set(words)


def test_only_the_root_can_be_written() -> None:
    words = asked("/tmp/run")
    assert [("/tmp/run", SEEN)] == pairs(words, "--bind")
    shown = dict(pairs(words, "--ro-bind"))
    assert f"{SEEN}/pilot" == shown["/opt/pilot"]
    assert "/var/someone/guest" == shown["/var/someone/guest"]
    assert not {"/home", "/tmp", "/run", "/var"} & shown.keys()


def test_the_rest_is_done_inside() -> None:
    words = asked("/tmp/run")
    inner = words[words.index("--") + 1 :]
    assert [sys.executable, "-I", "-S", bubblewrap.WALLS, "--here", "--"] == inner[:6]
    assert [sys.executable, "boot.py"] == inner[6:]


def test_a_bubblewrap_that_fails_is_told_with_its_reason(tmp_path: Path) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    found = probe(f"only:{fake}")
    assert (False, "") == (found["namespaces"], found["by"])
    assert "No permissions to create new namespace" in found["why"]


def test_a_bubblewrap_that_makes_no_pid_namespace_is_no_wall(tmp_path: Path) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
    fake.chmod(0o755)
    found = probe(f"only:{fake}")
    assert not found["namespaces"]
    assert "other processes are seen from inside" in found["why"]


@pytest.fixture
def bwrap() -> str:
    """Return a bubblewrap that works here."""
    found = shutil.which("bwrap")
    if not found or not probe(f"only:{found}")["namespaces"]:
        pytest.skip("no bubblewrap here")
    return found


def test_what_it_gives_is_what_is_found(bwrap: str) -> None:
    found = probe(f"only:{bwrap}")
    assert {"ipc", "mnt", "net", "pid", "uts"} <= set(found["spaces"])
    assert ("bwrap", True, False) == (found["by"], found["read_only"], found["capabilities"])


@pytest.mark.parametrize("name", TRIED)
def test_a_way_out_leads_nowhere(bwrap: str, name: str) -> None:
    (way,) = [each for each in WAYS if each.name == name]
    herd = Herd()
    try:
        assert herd.fly(way, "spaces", bwrap=bwrap).outcome in (CONTAINED, REFUSED)
    finally:
        herd.close()


def test_it_ends_with_who_started_it(bwrap: str, tmp_path: Path) -> None:
    walls = [sys.executable, "-I", "-S", bubblewrap.WALLS, "--bwrap", bwrap, str(tmp_path), SEEN]
    code = "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"
    ours = os.path.dirname(bubblewrap.WALLS)
    inner = [sys.executable, "-I", "-S", "-c", code]
    with subprocess.Popen(
        [*walls, ours, "--", *inner], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as ran:
        assert ran.stdout is not None
        assert json.loads(ran.stdout.readline()) <= 2
        ran.kill()
        # The other end of the pipe closes when the last process inside has gone.
        assert b"" == ran.stdout.read()

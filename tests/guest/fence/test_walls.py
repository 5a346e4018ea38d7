"""The second wall by itself, around a shell, which no audit hook holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import guest
from harness.grounds import SEEN
from harness.grounds import walls_here
from tests.guest.hostile.decoys import Decoys

WALLS = Path(guest.__file__ or "").parent / "fence" / "walls.py"


@pytest.fixture
def inside(tmp_path: Path) -> Any:
    """Return a function that runs a line of shell inside, with tmp_path/root as its root."""
    if walls_here()["by"] != "unshare":
        pytest.skip(f"no namespaces here: {walls_here()['why']}")
    (tmp_path / "root").mkdir()

    def run(line: str, *folders: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(WALLS), str(tmp_path / "root"), SEEN, *folders]
        shell = ["/bin/sh", "-c", line]
        return subprocess.run([*command, "--", *shell], capture_output=True, text=True, check=False)

    return run


def test_every_process_is_killed_and_none_of_ours(inside: Any) -> None:
    decoys = Decoys()
    try:
        inside(f"test $$ -le 2 && kill -9 -1; kill -9 {decoys.pids['session']}")
        assert [] == decoys.touched()
    finally:
        decoys.close()


def test_only_the_root_and_the_scratch_places_can_be_written(inside: Any, tmp_path: Path) -> None:
    ran = inside(
        "for each in /x /usr/x /etc/x /dev/x /proc/x /srv/x /tmp/x /dev/shm/x;"
        " do touch $each 2>/dev/null && echo $each; done"
    )
    assert ["/srv/x", "/tmp/x", "/dev/shm/x"] == ran.stdout.split()
    assert ["x"] == [each.name for each in (tmp_path / "root").iterdir()]


def test_a_folder_is_shown_under_its_name_read_only(inside: Any, tmp_path: Path) -> None:
    (tmp_path / "root" / "pilot").mkdir()
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "pilot.py").write_text("code")
    ran = inside("cat /srv/pilot/pilot.py; touch /srv/pilot/x", f"pilot={tmp_path / 'code'}")
    assert "code" == ran.stdout
    assert "Read-only" in ran.stderr


def test_homes_and_sockets_are_not_there(inside: Any) -> None:
    ran = inside("ls -d /home /root /run /var /sys /mnt /dev/log /dev/vda /proc/sys /proc/1 2>&-")
    assert ["/proc/1"] == ran.stdout.split()


def test_there_is_no_network_and_no_name(inside: Any) -> None:
    code = "import socket; print(socket.gethostname(), [name for _, name in socket.if_nameindex()])"
    ran = inside(f'/usr/bin/python3 -I -S -c "{code}" || true')
    if ran.stderr:
        pytest.skip("no interpreter of the system")
    assert "node ['lo']\n" == ran.stdout


def test_nothing_is_left_of_privileges(inside: Any) -> None:
    ran = inside("cat /proc/self/status; ulimit -c")
    status = dict(line.split(":\t") for line in ran.stdout.splitlines() if ":\t" in line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert 0 == int(status[name], 16)
    assert ("1", "2") == (status["NoNewPrivs"], status["Seccomp"])
    assert "0" == ran.stdout.splitlines()[-1]


def test_the_exit_code_comes_through(inside: Any) -> None:
    assert 7 == inside("exit 7").returncode


def test_addresses_are_fixed_without_namespaces_too() -> None:
    code = "import ctypes; print(ctypes.CDLL(None).personality(0xffffffff) & 0x40000)"
    command = [sys.executable, "-I", "-S", str(WALLS), "--here", "--", sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    if not walls_here()["aslr_off"]:
        pytest.skip("personality(2) is refused here")
    assert 0x40000 == json.loads(ran.stdout)

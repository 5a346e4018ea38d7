"""What a guest must not do: refused and told with its call site, or contained; without effect."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Iterator

import pytest

from guest.fence import landlock
from guest.fence import seccomp
from harness.grounds import walls_here
from tests.guest.hostile.flights import Herd
from tests.guest.hostile.flights import HostileHost
from tests.guest.hostile.flights import walls_of
from tests.guest.hostile.table import WAYS
from tests.guest.hostile.ways import MODES
from tests.guest.hostile.ways import NOT_RUN
from tests.guest.hostile.ways import REFUSED
from tests.guest.hostile.ways import Way
from tests.guest.tiny_host import TinyHost

FLOWN = [
    pytest.param(
        way,
        mode,
        id=f"{mode}: {way.group}: {way.name}",
        marks=[] if mode == MODES[0] else [pytest.mark.slow],
    )
    for mode in MODES
    for way in WAYS
    if NOT_RUN not in way.may_be(mode)
]


@pytest.fixture(scope="module")
def herd() -> Iterator[Herd]:
    """Give decoys to one way out after the other."""
    one = Herd()
    yield one
    one.close()


def need(mode: str) -> None:
    """Skip the test where this machine does not give the walls of *mode*."""
    if mode in ("all", "spaces") and not walls_here()["namespaces"]:
        pytest.skip(f"no namespaces here: {walls_here()['why']}")
    if mode in ("all", "filter") and seccomp.machine() is None:
        pytest.skip("no filter of system calls for this machine")
    if mode == "filter" and landlock.version() < 3:
        pytest.skip("Landlock is missing here, or too old")


@pytest.mark.parametrize(("way", "mode"), FLOWN)
def test_a_way_out_leads_nowhere_or_stands_in_the_table(herd: Herd, way: Way, mode: str) -> None:
    need(mode)
    if not way.is_there():
        pytest.skip("this interpreter does not have it")
    came = herd.fly(way, mode)
    assert came.outcome in way.may_be(mode), came
    if came.outcome == REFUSED:
        assert all(place.startswith("program.py:") for _, _, place in came.told if place)


def test_there_are_enough_ways_out() -> None:
    groups = {way.group for way in WAYS}
    wanted = {"processes", "signals", "files", "network", "libraries", "interpreter", "resources"}
    assert wanted == groups
    assert len({way.name for way in WAYS}) == len(WAYS) > 200


def test_what_stays_inside_is_no_attempt(host: TinyHost) -> None:
    host.fly("""
import os, shutil, tempfile, subprocess
os.makedirs("a/b"); open("a/b/c", "w").write("x"); os.rename("a/b/c", "a/d")
os.symlink("d", "a/e"); os.chmod("a/d", 0o600)
os.symlink("/usr/bin", "a/out"); os.rename("a/out", "a/on"); os.mknod("a/node")
folder = os.open("a", os.O_RDONLY)
os.close(os.open("f", os.O_CREAT | os.O_WRONLY, dir_fd=folder)); os.remove("f", dir_fd=folder)
with open("a/d", "r+") as inside: os.fchmod(inside.fileno(), 0o600); os.utime(inside.fileno())
os.fchmod(os.pipe()[0], 0o600)
shutil.rmtree("a")
open(os.devnull, "w").write("x"); open("/etc/passwd").read()
os.setpriority(os.PRIO_PROCESS, os.getpid(), 3); os.sched_setaffinity(0, {0})
""")
    assert [] == host.notes


def test_the_only_library_is_a_simulated_one(host: TinyHost) -> None:
    program = """
import ctypes, ctypes.util
libc = ctypes.CDLL(ctypes.util.find_library("c"))
print(libc.getpid(), libc.prctl(1, 9), libc.sched_getcpu(), ctypes.util.find_library("m"))
print(ctypes.cdll.LoadLibrary("libc.so.6").getpid())
"""
    assert "4001 0 0 None\n4001\n" == host.fly(program)
    assert [] == host.notes


def test_a_fifo_in_the_root_is_declined(host: TinyHost) -> None:
    # Opening one would block the whole guest, and the host when it looks at the files.
    host.fly("""
import os, stat
for make in (lambda: os.mkfifo("f"), lambda: os.mknod("f", stat.S_IFIFO)):
    try: make()
    except PermissionError: pass
""")
    assert ["fifo", "fifo"] == [note["kind"] for note in host.notes if note["what"] == "refused"]
    assert not (host.root / "work" / "f").exists()


@pytest.mark.parametrize("mode", MODES)
def test_nothing_of_the_host_is_inherited(mode: str, tmp_path: Path) -> None:
    need(mode)
    host = HostileHost(tmp_path)
    ours = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(ours, True)
    # 0, 1, 2, the wire, what the runtime itself opens, and the descriptor that lists them.
    printed = host.fly_in(
        walls_of(mode, tmp_path),
        "import posix, ctypes\n"
        "names = {}\n"
        "for fd in posix.listdir('/proc/self/fd'):\n"
        "    try: names[int(fd)] = posix.readlink(f'/proc/self/fd/{fd}')\n"
        "    except OSError: pass\n"
        "print([name for fd, name in sorted(names.items()) if fd > 2])",
        python=sys.executable,
    )
    os.close(ours)
    found = eval(printed)
    own = [name for name in found if not name.startswith("socket:") and "output.txt" not in name]
    assert ["anon_inode:inotify"] == own
    assert 1 == len([name for name in found if name.startswith("socket:")])


def test_the_machine_is_the_nodes(host: TinyHost) -> None:
    program = """
import os, socket, pwd, platform
names = [pwd.getpwuid(uid).pw_name for uid in (os.getuid(), 0)]
print(os.getpid(), os.getuid(), os.cpu_count(), socket.gethostname(), *names)
print(open("/proc/cpuinfo").read(), os.path.exists("/proc/1"), os.path.exists("/cvmfs"))
"""
    assert "4001 1000 8 wn1.sim pilot root\nserved\n False False\n" == host.fly(program)


def test_the_process_table_is_asked_for_when_it_has_changed(host: TinyHost) -> None:
    program = """
import os, subprocess, time
print(os.listdir("/proc"), os.path.exists("/proc/4001"), os.path.exists("/proc/812"))
print(open("/proc/4001/stat").read(), os.listdir("/proc/4001"))
time.sleep(1); os.path.exists("/proc/4001")
subprocess.run("true", shell=True); os.path.exists("/proc/4001")
"""
    assert "['4001'] True False\n4001 (python3) S 1 4001\n ['stat']\n" == host.fly(program)
    assert 2 == sum(each["kind"] == "file" for each in host.asked)


def test_resources_are_the_nodes(host: TinyHost) -> None:
    program = """
import os, resource, shutil, time
usage = shutil.disk_usage("."); print(usage.total, usage.free, os.statvfs("/").f_bavail)
print(os.sysconf("SC_NPROCESSORS_ONLN"), resource.getrusage(resource.RUSAGE_SELF).ru_utime)
open("x", "w"); time.sleep(9); found = os.stat("x"); print(found.st_ctime == found.st_mtime)
"""
    assert "4096000 1024000 250\n8 0.0\nTrue\n" == host.fly(program)

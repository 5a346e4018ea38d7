"""What a guest must not do: refused, noted with its call site, and without effect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.guest.tiny_host import TinyHost

HOSTILE = {
    "write to the home directory": ("open('{outside}', 'w')", "write"),
    "os.open for writing": ("import os; os.open('{outside}', os.O_CREAT | os.O_WRONLY)", "write"),
    "mkdir": ("import os; os.mkdir('{outside}')", "write"),
    "rename out": ("import os; open('x', 'w'); os.rename('x', '{outside}')", "write"),
    "symlink out": (
        "import os; os.symlink('{folder}', 'link'); open('link/file', 'w')",
        "write",
    ),
    "remove": ("import os; os.remove('{precious}')", "write"),
    "truncate": ("import os; os.truncate('{precious}', 0)", "write"),
    "chmod": ("import os; os.chmod('{precious}', 0)", "write"),
    "fork": ("import os; os.fork()", "process"),
    "posix.fork": ("import posix; posix.fork()", "process"),
    "exec": ("import os; os.execv('/bin/true', ['true'])", "process"),
    "posix_spawn": ("import posix; posix.posix_spawn('/bin/true', ['true'], {{}})", "process"),
    "the real Popen": (
        "import _posixsubprocess, subprocess as s, os\n"
        "import posix; posix.system('touch {outside}')",
        "process",
    ),
    "the real kill": ("import posix; posix.kill({decoy}, 9)", "signal"),
    "the real killpg": ("import posix; posix.killpg({decoy}, 9)", "signal"),
    "a real socket": ("import _socket; _socket.socket()", "socket"),
    "a library": ("import ctypes; ctypes.CDLL('libm.so.6')", "library"),
    "libc.system": ("import ctypes; ctypes.CDLL(None).system(b'touch {outside}')", "library"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_attempt_is_refused_and_noted_with_its_place(
    name: str, host: TinyHost, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("outside")
    precious = folder / "precious"
    precious.write_text("data")
    decoy = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    code, kind = HOSTILE[name]
    facts = {
        "outside": folder / "new",
        "folder": folder,
        "precious": precious,
        "decoy": decoy.pid,
    }
    try:
        host.fly("try:\n " + code.format(**facts).replace("\n", "\n ") + "\nexcept OSError: pass")
        assert decoy.poll() is None
    finally:
        decoy.communicate(b"\n")
    escapes = [note for note in host.notes if note["what"] == "escape"]
    assert kind in {note["kind"] for note in escapes}
    assert all(note["place"].startswith("/srv/work/program.py:") for note in escapes)
    assert ["precious"] == [path.name for path in folder.iterdir()]
    assert "data" == precious.read_text()
    assert precious.stat().st_mode & 0o777


def test_what_stays_inside_is_no_attempt(host: TinyHost) -> None:
    host.fly("""
import os, shutil, tempfile
os.makedirs("a/b"); open("a/b/c", "w").write("x"); os.rename("a/b/c", "a/d")
os.symlink("d", "a/e"); os.chmod("a/d", 0o600); shutil.rmtree("a")
open(os.devnull, "w").write("x"); open("/etc/passwd").read()
""")
    assert [] == host.notes


def test_the_machine_is_the_nodes(host: TinyHost) -> None:
    program = """
import os, socket, pwd, platform
print(os.getpid(), os.getuid(), os.cpu_count(), socket.gethostname(), pwd.getpwuid(0).pw_name)
print(open("/proc/cpuinfo").read(), os.path.exists("/proc/1"), os.path.exists("/cvmfs"))
"""
    assert "4001 1000 8 wn1.sim pilot\nserved\n False False\n" == host.fly(program)


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


def test_the_second_wall_holds_what_goes_around_the_first(tmp_path: Path) -> None:
    walls = Path(__file__).resolve().parents[2] / "guest" / "fence" / "walls.py"
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    root.mkdir()
    shell = f"touch {outside}; touch /srv/inside; kill -9 -1; cat /proc/net/dev | grep -c :"
    command = [
        sys.executable,
        "-I",
        "-S",
        str(walls),
        str(root),
        "/srv",
        "--",
        "/bin/sh",
        "-c",
        shell,
    ]
    decoy = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert decoy.poll() is None
    decoy.communicate(b"\n")
    if "unshare" in ran.stderr:
        pytest.skip(f"this machine gives no namespaces: {ran.stderr.splitlines()[-1]}")
    assert not outside.exists()
    assert (root / "inside").exists()
    assert "1" == ran.stdout.strip()

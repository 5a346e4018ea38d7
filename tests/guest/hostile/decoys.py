"""Decoys: real processes, files and sockets that no way out may touch; all made by the test."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SLEEPER = "import sys; sys.stdin.read()"
# Starts a process and leaves it to whoever adopts orphans; says its pid.
PARENT = (
    "import subprocess, sys; print(subprocess.Popen([sys.executable, '-I', '-S', '-c',"
    f" {SLEEPER!r}], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid)"
)
DISKS = ("/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/kmsg")
IPC_CREAT, IPC_RMID = 0o1000, 0
CONTENT = "precious"
libc = ctypes.CDLL(None, use_errno=True)


class Decoys:
    """All decoys of one way out; *touched* tells what happened to them."""

    def __init__(self) -> None:
        # Homes and scratch places are what the second wall hides: this stands for both.
        self.folder = Path(tempfile.mkdtemp(prefix="decoys-", dir="/var/tmp"))
        (self.folder / "inner").mkdir()
        for name in ("secret", "beside"):
            (self.folder / name).write_text(CONTENT)
        self._before = self._files()
        # Whatever holds this end lets them live: they end with the test, however it ends.
        self._life, ours = os.pipe()
        os.set_inheritable(self._life, True)
        self._alive = ours
        self._popen = {
            "group": self._sleeper(start_new_session=False),
            "session": self._sleeper(start_new_session=True),
        }
        self.pids = {kind: each.pid for kind, each in self._popen.items()}
        self.pids["orphan"] = self._orphan()
        os.close(self._life)
        self._states = {kind: _state(pid) for kind, pid in self.pids.items()}
        self._listen()
        self._shm = f"/flightsim-decoy-{os.getpid()}"
        Path("/dev/shm", self._shm[1:]).unlink(missing_ok=True)
        self._key = 0x0F5 << 20 | os.getpid() & 0xFFFFF
        self._segment = libc.shmget(self._key, ctypes.c_size_t(4096), IPC_CREAT | 0o600)

    def _sleeper(self, *, start_new_session: bool) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", "-c", SLEEPER]
        return subprocess.Popen(command, stdin=self._life, start_new_session=start_new_session)

    def _orphan(self) -> int:
        command = [sys.executable, "-I", "-S", "-c", PARENT]
        ran = subprocess.run(command, stdin=self._life, capture_output=True, text=True, check=True)
        return int(ran.stdout)

    def _listen(self) -> None:
        self._abstract = f"\0flightsim-decoy-{os.getpid()}"
        self._sockets = {
            "tcp": socket.create_server(("127.0.0.1", 0)),
            "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "unix": socket.socket(socket.AF_UNIX),
            "abstract": socket.socket(socket.AF_UNIX),
        }
        self._sockets["udp"].bind(("127.0.0.1", 0))
        self._sockets["unix"].bind(str(self.folder / "agent.sock"))
        self._sockets["abstract"].bind(self._abstract)
        for name, each in self._sockets.items():
            each.setblocking(False)
            if name in ("unix", "abstract"):
                each.listen()

    def facts(self) -> dict[str, Any]:
        """Return what a way out is told of the decoys."""
        new = f"{self.folder}/new"
        return {
            **self.pids,
            "host": os.getpid(),
            "folder": str(self.folder),
            "new": new,
            "secret": f"{self.folder}/secret",
            "beside": f"{self.folder}/beside",
            "line": f"echo x > {new}; kill -9 {self.pids['session']}",
            "tcp": self._sockets["tcp"].getsockname(),
            "udp": self._sockets["udp"].getsockname(),
            "unix": f"{self.folder}/agent.sock",
            "abstract": self._abstract,
            "shm": self._shm,
            "key": self._key,
            "disk": next((each for each in DISKS if os.path.exists(each)), "/dev/kmsg"),
            "hostname": socket.gethostname(),
            "now": Path("/proc/self").stat().st_ctime,
        }

    def touched(self) -> list[str]:
        """Return what was done to the decoys, in words; empty if nothing."""
        found = [
            f"process {kind}: {before} became {_state(self.pids[kind])}"
            for kind, before in self._states.items()
            if _state(self.pids[kind]) != before
        ]
        after = self._files()
        names = sorted({*after, *self._before})
        found += [f"file {name}" for name in names if after.get(name) != self._before.get(name)]
        found += [f"socket {name}" for name, each in self._sockets.items() if _visited(each)]
        if Path("/dev/shm", self._shm[1:]).exists():
            found.append("shared memory")
        return found

    def _files(self) -> dict[str, tuple[Any, ...]]:
        found: dict[str, tuple[Any, ...]] = {}
        for path in sorted(self.folder.rglob("*")):
            if path.name == "agent.sock":
                continue
            info = path.lstat()
            text = path.read_bytes() if path.is_file() and info.st_mode & 0o400 else b""
            found[path.name] = (
                info.st_mode, info.st_uid, info.st_mtime_ns, info.st_nlink, info.st_ino, text,
                tuple(os.listxattr(path, follow_symlinks=False)),
            )  # fmt: skip
        return found

    def close(self) -> None:
        """End and remove everything."""
        os.close(self._alive)
        for each in self._popen.values():
            each.wait()
        for each in self._sockets.values():
            each.close()
        libc.shmctl(self._segment, IPC_RMID, None)
        Path("/dev/shm", self._shm[1:]).unlink(missing_ok=True)
        shutil.rmtree(self.folder)


def _state(pid: int) -> tuple[Any, ...]:
    """Return what others can do to a process: end it, stop it, and set its limits."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ("gone",)
    fields = text.rpartition(")")[2].split()
    if fields[0] in "ZX":
        return ("gone",)
    stopped = fields[0] in "Tt"
    limits = resource.prlimit(pid, resource.RLIMIT_CORE)
    return (stopped, int(fields[16]), sorted(os.sched_getaffinity(pid)), limits)


def _visited(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True

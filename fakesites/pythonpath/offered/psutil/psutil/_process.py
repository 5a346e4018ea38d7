"""Processes of the node. Read from psutil 7.0: psutil/__init__.py, psutil/_pslinux.py."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from collections import namedtuple
from contextlib import contextmanager

from psutil._errors import AccessDenied
from psutil._errors import NoSuchProcess
from psutil._errors import TimeoutExpired
from psutil._errors import ZombieProcess
from psutil._machine import TICKS
from psutil._machine import boot_time
from psutil._machine import virtual_memory
from psutil._missing import missing
from psutil._states import OF_LETTERS

PAGE = 4096
POLL_S = 0.04
pmem = namedtuple("pmem", "rss vms shared text lib data dirty")
pfullmem = namedtuple("pfullmem", (*pmem._fields, "uss", "pss", "swap"))
pcputimes = namedtuple("pcputimes", "user system children_user children_system iowait")
pthread = namedtuple("pthread", "id user_time system_time")
puids = namedtuple("puids", "real effective saved")

_known = {}
# Names of as_dict() and process_iter(), in psutil's order.
# fmt: off
ATTRIBUTES = (
    "cmdline", "cpu_percent", "cpu_times", "create_time", "exe", "gids", "memory_full_info",
    "memory_info", "memory_percent", "name", "nice", "num_threads", "pid", "ppid", "status",
    "threads", "uids", "username",
)
# fmt: on


def text_of(pid, name):
    """Return a file of a process. Raises NoSuchProcess."""
    try:
        with open(f"/proc/{pid}/{name}", encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        raise NoSuchProcess(pid) from None


def stat_of(pid):
    """Return the fields of a process's stat: pid, name, state, ppid, ..."""
    text = text_of(pid, "stat")
    head, _, tail = text.rpartition(")")
    return [str(pid), head.partition("(")[2], *tail.split()]


def pids():
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def pid_exists(pid):
    return pid >= 0 and os.path.exists(f"/proc/{pid}")


def used_ticks():
    """Return the CPU time of each process, in ticks."""
    for pid in pids():
        try:
            fields = stat_of(pid)
        except NoSuchProcess:
            continue
        yield int(fields[13]) + int(fields[14])


class Process:
    """One process of the node, told from a later one of the same pid by when it began."""

    def __init__(self, pid=None):
        self._pid = os.getpid() if pid is None else pid
        if not isinstance(self._pid, int):
            raise TypeError(f"pid must be an integer (got {pid!r})")
        if self._pid < 0:
            raise ValueError(f"pid must be a positive integer (got {pid})")
        self._name = None
        self._seen = None
        try:
            self._began = stat_of(self._pid)[21]
        except NoSuchProcess:
            raise NoSuchProcess(self._pid, msg="process PID not found") from None

    @property
    def pid(self):
        return self._pid

    def __eq__(self, other):
        if not isinstance(other, Process):
            return NotImplemented
        return (self._pid, self._began) == (other._pid, other._began)

    def __hash__(self):
        return hash((self._pid, self._began))

    def __repr__(self):
        try:
            state = f"name={self.name()!r}, status={self.status()!r}"
        except NoSuchProcess:
            state = "status='terminated'"
        return f"psutil.Process(pid={self._pid}, {state})"

    def __getattr__(self, name):
        if name == "info":
            raise AttributeError(name)
        raise missing("'Process' object", name)

    # -- what it is

    def _fields(self):
        return stat_of(self._pid)

    def is_running(self):
        try:
            return self._fields()[21] == self._began
        except NoSuchProcess:
            return False

    def _check(self):
        if not self.is_running():
            raise NoSuchProcess(self._pid, self._name)

    def name(self):
        self._name = self._fields()[1]
        words = self.cmdline() if len(self._name) >= 15 and not self._is_zombie() else []
        longer = os.path.basename(words[0]) if words else ""
        return longer if longer.startswith(self._name) else self._name

    def _is_zombie(self):
        return self._fields()[2] == "Z"

    def cmdline(self):
        text = text_of(self._pid, "cmdline")
        if self._is_zombie():
            raise ZombieProcess(self._pid, self._name, self.ppid())
        return text.rstrip("\0").split("\0") if text else []

    def exe(self):
        words = self.cmdline()
        return words[0] if words and words[0].startswith("/") else ""

    def ppid(self):
        return int(self._fields()[3])

    def status(self):
        return OF_LETTERS.get(self._fields()[2], "?")

    def create_time(self):
        return boot_time() + int(self._fields()[21]) / TICKS

    def uids(self):
        line = next(row for row in text_of(self._pid, "status").splitlines() if row[:4] == "Uid:")
        return puids(*map(int, line.split()[1:4]))

    def gids(self):
        return puids(*(pwd.getpwuid(uid).pw_gid for uid in self.uids()))

    def username(self):
        uid = self.uids().real
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return str(uid)

    def nice(self, value=None):
        self._check()
        return 0 if value is None else None

    def num_threads(self):
        rows = text_of(self._pid, "status").splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("Threads:"))

    def threads(self):
        times = self.cpu_times()
        return [pthread(self._pid, times.user, times.system)]

    # -- what it uses

    def cpu_times(self):
        fields = self._fields()
        return pcputimes(*(int(each) / TICKS for each in fields[13:17]), 0.0)

    def cpu_percent(self, interval=None):
        if interval:
            self._seen = self._used()
            time.sleep(interval)
        before, self._seen = self._seen, self._used()
        if before is None or self._seen[0] <= before[0]:
            return 0.0
        return round(100.0 * (self._seen[1] - before[1]) / (self._seen[0] - before[0]), 1)

    def _used(self):
        times = self.cpu_times()
        return time.monotonic(), times.user + times.system

    def memory_info(self):
        fields = self._fields()
        return pmem(int(fields[23]) * PAGE, int(fields[22]), 0, 0, 0, 0, 0)

    def memory_full_info(self):
        found = self.memory_info()
        return pfullmem(*found, found.rss, found.rss, 0)

    def memory_percent(self, memtype="rss"):
        return 100.0 * getattr(self.memory_full_info(), memtype) / virtual_memory().total

    # -- its family

    def parent(self):
        above = self.ppid()
        return Process(above) if above and pid_exists(above) else None

    def parents(self):
        found, above = [], self.parent()
        while above is not None:
            found.append(above)
            above = above.parent()
        return found

    def children(self, recursive=False):
        self._check()
        below = {}
        for process in process_iter():
            try:
                below.setdefault(process.ppid(), []).append(process)
            except NoSuchProcess:
                continue
        found = list(below.get(self._pid, ()))
        for each in found if recursive else ():
            found += below.get(each.pid, ())
        return found

    # -- what is done to it

    def send_signal(self, sig):
        self._check()
        try:
            os.kill(self._pid, sig)
        except ProcessLookupError:
            raise NoSuchProcess(self._pid, self._name) from None
        except PermissionError:
            raise AccessDenied(self._pid, self._name) from None

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def suspend(self):
        self.send_signal(signal.SIGSTOP)

    def resume(self):
        self.send_signal(signal.SIGCONT)

    def wait(self, timeout=None):
        limit = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                pid, status = os.waitpid(self._pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = 0, None  # not ours: it is waited for until it is gone
            if pid:
                return -(status & 127) if status & 127 else status >> 8
            if status is None and not self.is_running():
                return None
            if limit is not None and time.monotonic() >= limit:
                raise TimeoutExpired(timeout, self._pid, self._name)
            time.sleep(POLL_S)

    # -- all at once

    @contextmanager
    def oneshot(self):
        yield

    def as_dict(self, attrs=None, ad_value=None):
        found = {}
        for name in ATTRIBUTES if attrs is None else attrs:
            try:
                value = getattr(self, name)
                found[name] = value() if callable(value) else value
            except (AccessDenied, ZombieProcess):
                found[name] = ad_value
        return found


class Popen(Process):
    """A child of ours: what ``subprocess.Popen`` gives, and what psutil knows of it."""

    def __init__(self, *args, **kwargs):
        self._child = subprocess.Popen(*args, **kwargs)
        self._pid = self._child.pid
        self._name = self._seen = None
        self._began = stat_of(self._pid)[21] if pid_exists(self._pid) else ""

    def __getattr__(self, name):
        if name == "_child":
            raise AttributeError(name)
        try:
            return getattr(self._child, name)
        except AttributeError:
            return super().__getattr__(name)

    def __enter__(self):
        self._child.__enter__()
        return self

    def __exit__(self, *exc_info):
        return self._child.__exit__(*exc_info)

    def wait(self, timeout=None):
        try:
            return self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutExpired(timeout, self._pid, self._name) from None


def process_iter(attrs=None, ad_value=None):
    """Give all processes by pid; with *attrs* each has them in its ``info``."""
    for pid in pids():
        try:
            process = _known.get(pid)
            if process is None or not process.is_running():
                process = _known[pid] = Process(pid)
            if attrs is not None:
                process.info = process.as_dict(attrs, ad_value)
        except NoSuchProcess:
            continue
        yield process


def wait_procs(procs, timeout=None, callback=None):
    """Wait for *procs*; return those that have gone and those that are alive."""
    limit = None if timeout is None else time.monotonic() + timeout
    gone, alive = [], list(dict.fromkeys(procs))
    while alive:
        for process in list(alive):
            try:
                process.returncode = process.wait(timeout=0)
            except TimeoutExpired:
                continue
            alive.remove(process)
            gone.append(process)
            if callback is not None:
                callback(process)
        if not alive or (limit is not None and time.monotonic() >= limit):
            break
        time.sleep(POLL_S)
    return gone, alive

"""psutil on a simulated node: processes and machine as its /proc, its ps and its df show them.

Pure Python on files of /proc that the node serves, in place of a C extension that would ask the
kernel of the real machine. What is not here raises AttributeError, by name, and is noted.
Read from psutil 7.0: psutil/__init__.py, psutil/_pslinux.py, docs/index.rst.
"""

from __future__ import annotations

from psutil._errors import AccessDenied
from psutil._errors import Error
from psutil._errors import NoSuchProcess
from psutil._errors import TimeoutExpired
from psutil._errors import ZombieProcess
from psutil._machine import boot_time
from psutil._machine import cpu_count
from psutil._machine import cpu_freq
from psutil._machine import cpu_percent
from psutil._machine import cpu_times
from psutil._machine import disk_partitions
from psutil._machine import disk_usage
from psutil._machine import getloadavg
from psutil._machine import net_if_addrs
from psutil._machine import net_io_counters
from psutil._machine import swap_memory
from psutil._machine import users
from psutil._machine import virtual_memory
from psutil._missing import missing
from psutil._process import Popen
from psutil._process import Process
from psutil._process import pid_exists
from psutil._process import pids
from psutil._process import process_iter
from psutil._process import wait_procs
from psutil._states import *  # noqa: F403 - constants, by their letters in /proc
from psutil._states import STATUS_ZOMBIE

__version__ = "7.0.0"
version_info = (7, 0, 0)
PROCFS_PATH = "/proc"
POSIX = LINUX = True
WINDOWS = MACOS = OSX = FREEBSD = NETBSD = OPENBSD = BSD = SUNOS = AIX = False
CONN_ESTABLISHED, CONN_LISTEN, CONN_NONE = "ESTABLISHED", "LISTEN", "NONE"
NIC_DUPLEX_FULL, NIC_DUPLEX_HALF, NIC_DUPLEX_UNKNOWN = 2, 1, 0
POWER_TIME_UNLIMITED, POWER_TIME_UNKNOWN = -2, -1

__all__ = [
    "STATUS_ZOMBIE",
    "AccessDenied",
    "Error",
    "NoSuchProcess",
    "Popen",
    "Process",
    "TimeoutExpired",
    "ZombieProcess",
    "boot_time",
    "cpu_count",
    "cpu_freq",
    "cpu_percent",
    "cpu_times",
    "disk_partitions",
    "disk_usage",
    "getloadavg",
    "net_if_addrs",
    "net_io_counters",
    "pid_exists",
    "pids",
    "process_iter",
    "swap_memory",
    "users",
    "virtual_memory",
    "wait_procs",
]


def __getattr__(name):
    raise missing("module 'psutil'", name)

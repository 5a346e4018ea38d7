"""The machine: processors, memory, disks, network, users.

Read from psutil 7.0: psutil/_pslinux.py. Not modelled: how much goes over the network, and
how processors spend their time but for work and idling.
"""

from __future__ import annotations

import os
import socket
import time
from collections import namedtuple

svmem = namedtuple(
    "svmem", "total available percent used free active inactive buffers cached shared slab"
)
sswap = namedtuple("sswap", "total used free percent sin sout")
sdiskusage = namedtuple("sdiskusage", "total used free percent")
sdiskpart = namedtuple("sdiskpart", "device mountpoint fstype opts")
snetio = namedtuple(
    "snetio", "bytes_sent bytes_recv packets_sent packets_recv errin errout dropin dropout"
)
snicaddr = namedtuple("snicaddr", "family address netmask broadcast ptp")
scpufreq = namedtuple("scpufreq", "current min max")
scputimes = namedtuple(
    "scputimes", "user nice system idle iowait irq softirq steal guest guest_nice"
)
TICKS = 100
PSEUDO = frozenset(("proc", "cgroup2", "tmpfs", "sysfs"))
asked = False


def lines(path):
    """Return the lines of a file of /proc."""
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def uptime():
    """Return the seconds since the node was booted."""
    return float(lines("/proc/uptime")[0].split()[0])


def boot_time():
    return round(time.time() - uptime(), 2)


def cpu_count(logical=True):
    if logical:
        return os.cpu_count()
    cores = {line.rpartition(":")[2].strip() for line in _of_cpuinfo("cpu cores")}
    return int(cores.pop()) if cores else None


def _of_cpuinfo(name):
    return [line for line in lines("/proc/cpuinfo") if line.startswith(name)]


def cpu_freq(percpu=False):
    each = [scpufreq(float(line.rpartition(":")[2]), 0.0, 0.0) for line in _of_cpuinfo("cpu MHz")]
    return each if percpu else each[0]


def getloadavg():
    return os.getloadavg() if not os.path.exists("/proc/loadavg") else _load()


def _load():
    one, five, fifteen = lines("/proc/loadavg")[0].split()[:3]
    return float(one), float(five), float(fifteen)


def cpu_percent(interval=None, percpu=False):
    """The cores at work at this instant; 0.0 when asked for the first time, as psutil says."""
    global asked
    if interval:
        time.sleep(interval)
    elif not asked:
        asked = True
        return [0.0] * os.cpu_count() if percpu else 0.0
    share = round(min(100.0, 100.0 * _load()[0] / os.cpu_count()), 1)
    return [share] * os.cpu_count() if percpu else share


def cpu_times(percpu=False):
    from psutil._process import used_ticks

    used = sum(used_ticks()) / TICKS
    idle = max(0.0, uptime() * os.cpu_count() - used)
    if not percpu:
        return scputimes(used, 0.0, 0.0, idle, *(0.0,) * 6)
    share = os.cpu_count()
    return [scputimes(used / share, 0.0, 0.0, idle / share, *(0.0,) * 6)] * share


def _meminfo():
    found = {}
    for line in lines("/proc/meminfo"):
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0]) * 1024
    return found


def virtual_memory():
    found = _meminfo()
    total, free, left = found["MemTotal"], found["MemFree"], found["MemAvailable"]
    buffers, cached = found.get("Buffers", 0), found.get("Cached", 0)
    percent = round(100.0 * (total - left) / total, 1)
    used = total - free - cached - buffers
    return svmem(total, left, percent, used, free, 0, 0, buffers, cached, 0, 0)


def swap_memory():
    found = _meminfo()
    total, free = found.get("SwapTotal", 0), found.get("SwapFree", 0)
    used = total - free
    return sswap(total, used, free, round(100.0 * used / total, 1) if total else 0.0, 0, 0)


def disk_usage(path):
    found = os.statvfs(path)
    total = found.f_blocks * found.f_frsize
    free = found.f_bavail * found.f_frsize
    used = total - found.f_bfree * found.f_frsize
    return sdiskusage(total, used, free, round(100.0 * used / (used + free), 1))


def disk_partitions(all=False):
    rows = [line.split() for line in lines("/proc/mounts")]
    return [sdiskpart(*row[:4]) for row in rows if all or row[2] not in PSEUDO]


def net_io_counters(pernic=False, nowrap=True):
    none = snetio(*(0,) * 8)
    return {name: none for _, name in socket.if_nameindex()} if pernic else none


def net_if_addrs():
    own = socket.gethostbyname(socket.gethostname())
    addresses = {"lo": ("127.0.0.1", "255.0.0.0"), "eth0": (own, "255.255.255.0")}
    return {
        name: [snicaddr(socket.AF_INET, *addresses[name], None, None)]
        for _, name in socket.if_nameindex()
        if name in addresses
    }


def users():
    return []

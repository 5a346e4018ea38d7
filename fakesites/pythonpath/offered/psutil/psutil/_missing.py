"""Names that psutil has and this one has not: an AttributeError, and a note to the flight.

A name that psutil itself does not have is the program's own mistake: the error, and no note.
"""

from __future__ import annotations

# fmt: off
OF_PSUTIL = frozenset((
    "cpu_stats", "cpu_times_percent", "disk_io_counters", "heap_info", "heap_trim",
    "net_connections", "net_if_stats", "sensors_battery", "sensors_fans", "sensors_temperatures",
    "test", "CONN_CLOSE", "CONN_CLOSE_WAIT", "CONN_CLOSING", "CONN_FIN_WAIT1", "CONN_FIN_WAIT2",
    "CONN_LAST_ACK", "CONN_SYN_RECV", "CONN_SYN_SENT", "CONN_TIME_WAIT", "AF_LINK",
    "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE", "IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT",
    "RLIM_INFINITY", "RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE",
    "RLIMIT_MEMLOCK", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_RSS", "RLIMIT_STACK",
    "connections", "cpu_affinity", "cpu_num", "cwd", "environ", "io_counters", "ionice",
    "memory_maps", "num_ctx_switches", "num_fds", "open_files", "rlimit", "terminal",
))
# fmt: on
note = None
"""Set by the guest's runtime: tells the flight in words what is missing."""


def missing(owner, name):
    """Return the error of a *name* that *owner* has not here; it is noted if psutil has it."""
    if name in OF_PSUTIL:
        if note is not None:
            note(f"psutil: {name} is not simulated")
        return AttributeError(f"{owner} has no attribute {name!r}: it is not simulated")
    return AttributeError(f"{owner} has no attribute {name!r}")

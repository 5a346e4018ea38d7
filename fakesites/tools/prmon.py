"""prmon: watches a process and its children, and writes what they use.

Models the table of samples, the summary, the snapshot of it while the process runs, and the ends:
the process is gone, or SIGUSR1. Read from HSF/prmon@6ab2ef2:package/src/prmon.cpp. Not modelled:
starting the program that is watched, what goes over the network, GPUs, reads and writes of disks.
"""

from __future__ import annotations

import json
import signal as signals
from dataclasses import dataclass
from dataclasses import field
from random import Random
from typing import Any
from typing import Generator

import simpy

from fakesites.machine import vsz_kb
from fakesites.processes import Process
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import signal_of
from fakesites.tools import tool
from fakesites.tools._options import Grammar

Work = Generator[simpy.Event, Any, int]

PRMON = Grammar(
    flags="sh",
    values="pfjinm",
    long=(
        ("filename=", "f"),
        ("help", "h"),
        ("interval=", "i"),
        ("json-summary=", "j"),
        ("monitor=", "m"),
        ("netdev=", "n"),
        ("pid=", "p"),
        ("store-hw-info", "s"),
    ),
)
VERSION = "3.1.1"
# What is summed up over the processes: counters that only grow, and sizes of the moment.
COUNTERS = ("rchar", "read_bytes", "rx_bytes", "rx_packets", "stime", "tx_bytes", "tx_packets")
MORE_COUNTERS = ("utime", "wchar", "write_bytes", "wtime")
SIZES = ("nprocs", "nthreads", "pss", "rss", "swap", "vmem")
COLUMNS = tuple(sorted((*COUNTERS, *MORE_COUNTERS, *SIZES)))
# Of the memory of a process, what it does not share with others; of one that computes the share
# changes all the time, of one that waits it does not.
PSS_SHARE = 0.9
PSS_NOISE = 0.01
SYSTEM_SHARE = 0.02  # of its CPU time, what the kernel works for it

Sample = dict[str, int]


@dataclass(slots=True)
class Watch:
    """One run: what is watched, where it is written, and what was seen so far."""

    call: ToolCall
    pid: int
    table: str
    summary: str
    interval_s: float
    began: float
    rows: int = 0
    most: Sample = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    cpu_gone_s: float = 0.0
    cpu_seen_s: dict[int, float] = field(default_factory=dict)

    @property
    def rng(self) -> Random:
        """Return the chance in what is seen of one process."""
        return self.call.node.streams[f"prmon/{self.call.node.name}/{self.pid}"]


@tool("prmon", optional=True)
def prmon(call: ToolCall) -> Work:
    """Write samples of what a process and its children use until it has gone."""
    options = PRMON.read(call.argv)
    if options.has("h"):
        call.out("prmon is a process monitor program that records runtime data\n")
        return 0
    if not options.has("p"):
        call.err("One and only one PID or child program is required - found none\n")
        return 1
    pid = int(options.number("p", 0))
    if pid < 2:
        call.err("Bad PID to monitor.\n")
        return 1
    watch = Watch(
        call,
        pid,
        options.get("f", "prmon.txt"),
        options.get("j", "prmon.json"),
        options.number("i", 30),
        call.node.clock.now,
    )
    try:
        call.node.files.write(call.path(watch.table), _line(("Time", *COLUMNS)))
    except OSError as error:
        raise UsageError(f"{watch.table}: {error.strerror}") from None
    return (yield from _watching(watch))


def _watching(watch: Watch) -> Work:
    clock, processes = watch.call.node.clock, watch.call.node.processes
    gone = clock.event()
    if processes.find(watch.pid) is not None:
        processes.when_gone(watch.pid, lambda: _tell(gone))
        while not gone.triggered:
            _sample(watch)
            try:
                # The real one looks every 0.2 s whether more than the interval has gone by.
                yield gone | clock.timeout(watch.interval_s + 1)
            except simpy.Interrupt as interrupt:
                if signal_of(interrupt) != signals.SIGUSR1:
                    raise
                break
    return _end(watch)


def _tell(gone: simpy.Event) -> None:
    gone.succeed()


def _end(watch: Watch) -> int:
    files = watch.call.node.files
    if watch.rows:
        files.remove(watch.call.path(f"{watch.summary}_snapshot"))
    files.write(watch.call.path(watch.summary), _summary(watch))
    return 0


def _sample(watch: Watch) -> None:
    found = _measured(watch)
    if not found:
        return
    watch.rows += 1
    for name, value in found.items():
        watch.most[name] = max(watch.most.get(name, 0), value)
        watch.sums[name] = watch.sums.get(name, 0.0) + value
    files = watch.call.node.files
    moment = int(watch.call.node.wall())
    row = _line((str(moment), *(str(found[name]) for name in COLUMNS)))
    files.write(watch.call.path(watch.table), row, append=True)
    files.write(watch.call.path(f"{watch.summary}_snapshot"), _summary(watch))


def _line(cells: tuple[str, ...]) -> bytes:
    return ("\t".join(cells) + "\n").encode()


def _measured(watch: Watch) -> Sample:
    """Return what all processes below the one watched use now; nothing if it is a zombie."""
    now = watch.call.node.clock.now
    family = [each for each in offspring(watch) if each.alive]
    if not family:
        return {}
    cpu_s = _cpu_s(watch, family, now)
    rss_kb = sum(each.rss_kb(now) for each in family)
    found = dict.fromkeys(COLUMNS, 0)
    found.update(
        nprocs=len(family),
        nthreads=len(family),
        pss=sum(_pss_kb(watch, each, now) for each in family),
        rss=rss_kb,
        stime=int(cpu_s * SYSTEM_SHARE),
        utime=int(cpu_s * (1 - SYSTEM_SHARE)),
        vmem=sum(vsz_kb(each.rss_kb(now)) for each in family),
        wtime=int(now - watch.began),
    )
    return found


def _pss_kb(watch: Watch, process: Process, now: float) -> int:
    noise = PSS_NOISE * watch.rng.random() if process.cpu_rate else 0.0
    return int(process.rss_kb(now) * (PSS_SHARE - noise))


def _cpu_s(watch: Watch, family: list[Process], now: float) -> float:
    """Return the CPU seconds used up to now, those of processes that have gone included."""
    seen = {each.pid: each.cpu_s(now) for each in family}
    lost = [pid for pid in watch.cpu_seen_s if pid not in seen]
    watch.cpu_gone_s += sum(watch.cpu_seen_s.pop(pid) for pid in lost)
    watch.cpu_seen_s.update(seen)
    return watch.cpu_gone_s + sum(seen.values())


def offspring(watch: Watch) -> list[Process]:
    """Return the process that is watched and all below it, by pid."""
    table = watch.call.node.processes
    family = {watch.pid}
    for each in table.entered():  # by pid: a parent comes before its children, mostly
        if each.ppid in family:
            family.add(each.pid)
    return [each for each in table.entered() if each.pid in family]


def _summary(watch: Watch) -> bytes:
    rows = max(watch.rows, 1)
    means = {name: watch.sums.get(name, 0.0) / rows for name in SIZES if watch.rows}
    walltime = max(watch.most.get("wtime", 0), 1)
    rates = ("rchar", "read_bytes", "rx_bytes", "rx_packets", "tx_bytes", "tx_packets", "wchar")
    means |= {name: watch.most.get(name, 0) / walltime for name in (*rates, "write_bytes")}
    content: dict[str, Any] = {"prmon": {"Version": VERSION}}
    if watch.rows:
        content |= {"Avg": {name: round(means[name], 3) for name in sorted(means)}}
        content |= {"Max": dict(sorted(watch.most.items()))}
    return (json.dumps(content, indent=2, sort_keys=True) + "\n").encode()

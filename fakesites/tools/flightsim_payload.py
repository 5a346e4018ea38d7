"""flightsim-payload: what the transform of a simulated job executes.

Looks its job up among the node's payloads and lives the life that it finds there: uses CPU and
memory, starts a process for each further core, touches a file, writes lines and at the end its
outputs. A fault at the point ``payload.<key>`` may replace the model before it begins.
Progress costs at most WAKES_LIMIT events however long the payload is; in between, the file that
it touches is stamped whenever something looks at times (Node.settle). With --job-report NAME it
leaves a report of itself, in the form of ATLAS job transforms.
"""

from __future__ import annotations

import json
import posixpath
import uuid
from dataclasses import dataclass
from dataclasses import field
from random import Random
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.contents import PREFIX_LIMIT
from fakesites.events import PAYLOAD_END
from fakesites.events import PAYLOAD_START
from fakesites.payload import EventModel
from fakesites.payload import PayloadModel
from fakesites.processes import Process
from fakesites.tools import ToolCall
from fakesites.tools import signal_of
from fakesites.tools import tool
from fakesites.tools._event_ranges import process_events
from simkernel.clock import utc_text

Work = Generator[simpy.Event, Any, int]

WAKES_LIMIT = 200
UNKNOWN_JOB = 2
WORKER_RSS_SHARE = 0.5
KILLED = 9
EVENTS = 1000  # that a job report says were processed


@dataclass(slots=True, eq=False)
class Run:
    """One payload on its way; a fault may replace the *model* before it begins."""

    call: ToolCall
    key: str
    model: PayloadModel
    process: Process
    began: float = 0.0
    touched_until: float = 0.0
    written: int = 0
    workers: list[int] = field(default_factory=list)

    @property
    def busy_s(self) -> float:
        """Return for how long it works before it ends or hangs."""
        hang = self.model.hang_at_s
        return self.model.walltime_s if hang is None else min(hang, self.model.walltime_s)

    def instant(self, worked_s: float) -> float:
        """Return when it has worked for *worked_s*: it may have been stopped meanwhile."""
        paused_s = self.model.pause_s if worked_s > self.model.pause_at_s else 0.0
        return self.began + worked_s + paused_s

    def worked_s(self, now: float) -> float:
        """Return for how long it has worked at *now*."""
        since_s, at_s = now - self.began, self.model.pause_at_s
        if since_s > at_s:
            since_s = max(at_s, since_s - self.model.pause_s)
        return min(since_s, self.busy_s)


@tool("flightsim-payload")
def flightsim_payload(call: ToolCall) -> Work:
    """Live the life of the job named by --flightsim-job."""
    key = _key(call.argv)
    model = call.node.payloads.get(key)
    if model is None:
        call.err(f"flightsim-payload: no job {key!r} on {call.node.name}\n")
        return UNKNOWN_JOB
    run = Run(call, key, model, call.node.processes[call.pid])
    code: int = yield from call.node.points.around(f"payload.{key}", run, lambda: _life(run))
    return code


def _key(argv: tuple[str, ...]) -> str:
    return _option(argv, "--flightsim-job")


def _option(argv: tuple[str, ...], name: str) -> str:
    """Return the value of the option *name* of *argv*, nothing if it is not there."""
    for word, following in zip(argv, (*argv[1:], ""), strict=True):
        if word == name:
            return following
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


def _life(run: Run) -> Work:
    journal, node = run.call.node.journal, run.call.node
    journal.emit(PAYLOAD_START, who=node.name, job=run.key, pid=run.call.pid)
    run.began = run.touched_until = node.clock.now
    code, signal = -KILLED, KILLED
    settle = run_settler(run)
    node.ready.append(settle)
    try:
        code = yield from _working(run)
        signal = 0
    except simpy.Interrupt as interrupt:
        signal = signal_of(interrupt)
        code = -signal
        _end_workers(run)
        raise
    finally:
        node.settle()
        node.ready.remove(settle)
        journal.emit(
            PAYLOAD_END, who=node.name, job=run.key, pid=run.call.pid, code=code, signal=signal
        )
    return code


def _working(run: Run) -> Work:
    model = run.model
    _begin(run)
    if model.events is not None:
        code = yield from _events(run, model.events)
        _end_workers(run)
        return code or model.exit_code
    for instant in _wakes(run):
        yield from _sleep_until(run, instant)
        _progress(run)
    if model.hang_at_s is not None:
        yield from _hang(run)
    _end_workers(run)
    _leave_files(run)
    run.process.rate(now=run.call.node.clock.now, cpu=0.0, rss_kb=0.0)
    if model.signal:
        raise simpy.Interrupt(model.signal)
    return model.exit_code


def _events(run: Run, events: EventModel) -> Work:
    """Work on ranges of events, and on nothing else."""
    code: int = yield from process_events(
        run.call,
        events,
        cores=run.model.cores,
        sleep=lambda instant: _sleep_until(run, instant),
        rng=run.call.node.streams[f"payload/{run.key}"],
    )
    return code


def _begin(run: Run) -> None:
    model, table = run.model, run.call.node.processes
    now = run.call.node.clock.now
    run.process.rate(now=now, cpu=model.cpu, rss_kb=model.rss_kb, rss_rate=model.rss_growth_kb_s)
    if model.cores > 1 or model.orphans:
        run.call.node.enter(run.process)
    argv = run.process.argv
    for _ in range(model.cores - 1):
        worker = table.add(argv, ppid=run.call.pid, owner=run.call.owner, user=run.process.user)
        worker.rate(now=now, cpu=model.cpu, rss_kb=model.rss_kb * WORKER_RSS_SHARE)
        run.workers.append(worker.pid)
    for number in range(model.orphans):
        name = ("orphan", str(number + 1))
        table.add(name, ppid=run.call.pid, owner=run.call.owner, user=run.process.user)
    _write_lines(run)


def _wakes(run: Run) -> list[float]:
    """Return when there is something to do: touches and lines, the end of the work last."""
    busy_s, model = run.busy_s, run.model
    step_s = max(model.touch_interval_s, busy_s / WAKES_LIMIT) if model.touch_interval_s else 0.0
    count = int(busy_s / step_s) if step_s else 0
    touches = [run.instant(step_s * number) for number in range(1, count + 1)]
    lines = max(len(model.stdout_lines), len(model.stderr_lines))
    shown = [run.instant(_line_s(run, number, lines)) for number in range(lines)]
    end = run.instant(busy_s)
    return [*sorted({instant for instant in (*touches, *shown) if instant < end}), end]


def _line_s(run: Run, number: int, lines: int) -> float:
    """Return how long after the beginning a line is written: they are spread evenly."""
    return run.model.walltime_s * number / lines


def _sleep_until(run: Run, instant: float) -> Generator[simpy.Event, Any, None]:
    clock = run.call.node.clock
    while clock.now < instant:
        try:
            yield clock.timeout(instant - clock.now)
        except simpy.Interrupt as interrupt:
            if not _shrugs(run, interrupt):
                raise


def _hang(run: Run) -> Generator[simpy.Event, Any, None]:
    """Wait for ever, using nothing."""
    run.process.rate(now=run.call.node.clock.now, cpu=0.0, rss_kb=run.model.rss_kb)
    while True:
        try:
            yield run.call.node.clock.event()
        except simpy.Interrupt as interrupt:
            if not _shrugs(run, interrupt):
                raise


def _shrugs(run: Run, interrupt: simpy.Interrupt) -> bool:
    return run.model.ignores_sigterm and interrupt.cause != KILLED


def _progress(run: Run) -> None:
    run.call.node.settle()
    _write_lines(run)


def _write_lines(run: Run) -> None:
    model = run.model
    lines = max(len(model.stdout_lines), len(model.stderr_lines))
    elapsed_s = run.worked_s(run.call.node.clock.now)
    while run.written < lines and _line_s(run, run.written, lines) <= elapsed_s:
        if run.written < len(model.stdout_lines):
            run.call.out(f"{model.stdout_lines[run.written]}\n")
        if run.written < len(model.stderr_lines):
            run.call.err(f"{model.stderr_lines[run.written]}\n")
        run.written += 1


def run_settler(run: Run) -> Callable[[], None]:
    """Return what stamps the file that *run* touches with the last time that it did."""

    def settle() -> None:
        interval_s = 0.0 if run.model.events else run.model.touch_interval_s
        if not interval_s:
            return
        node = run.call.node
        last = run.instant(interval_s * int(run.worked_s(node.clock.now) / interval_s))
        if last > run.touched_until:
            run.touched_until = last
            path = run.call.path(run.model.touched)
            node.files.touch(path)
            node.files.stamp_at(path, node.clock.epoch + last)

    return settle


def _end_workers(run: Run) -> None:
    table = run.call.node.processes
    for pid in run.workers:
        if table.find(pid) is not None:
            table.exit(pid, code=0)
            table.collect(pid)
    run.workers.clear()


def _leave_files(run: Run) -> None:
    files, model = run.call.node.files, run.model
    rng = run.call.node.streams[f"payload/{run.key}"]
    for name, size in model.outputs:
        prefix = _prefix(rng, size)  # drawn even if it is missing, so that it shifts no other
        if name not in model.missing:
            files.write_sparse(run.call.path(name), prefix, size)
    for name, text in model.reports:
        if name not in model.missing:
            files.write(run.call.path(name), text.encode())
    report = _option(run.call.argv, "--job-report")
    if report and report not in model.missing:
        files.write(run.call.path(report), job_report(run).encode())
    if model.core_bytes:
        core = run.call.path(f"core.{run.call.pid}")
        files.write_sparse(core, b"\x7fELF", model.core_bytes)


def job_report(run: Run) -> str:
    """Return what a job transform of ATLAS reports of this run.

    Read from pilot3@a090538b:pilot/user/atlas/common.py, parse_jobreport_data().
    """
    model, now = run.model, run.call.node.clock.now
    name = posixpath.basename(run.call.argv[0]).removesuffix(".py")
    code = model.exit_code
    rng = run.call.node.streams[f"payload/{run.key}/report"]
    outputs = [
        {
            "file_guid": str(uuid.UUID(int=rng.getrandbits(128), version=4)).upper(),
            "file_size": size,
            "integrity": True,
            "name": lfn,
            "nentries": EVENTS,
        }
        for lfn, size in model.outputs
    ]
    wall_s = round(now - run.began)
    transform = {
        "cpuTime": round(model.cpu * wall_s * model.cores),
        "processedEvents": EVENTS,
        "wallTime": wall_s,
    }
    content = {
        "cmdLine": " ".join(run.call.argv),
        "created": utc_text(run.call.node.wall()).rstrip("Z"),
        "executor": [
            {"logfileReport": {"details": {}}, "name": name, "rc": code, "statusOK": code == 0}
        ],
        "exitAcronym": "OK" if code == 0 else "TRF_EXEC_FAIL",
        "exitCode": code,
        "exitMsg": "OK" if code == 0 else f"Non-zero return code from {name}: {code}",
        "exitMsgExtra": "",
        "files": {"input": [], "output": [{"type": "ROOT", "subFiles": outputs}]},
        "name": name,
        "reportVersion": "2.1.2",
        "resource": {"executor": {name: transform}, "transform": transform},
    }
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def _prefix(rng: Random, size: int) -> bytes:
    return rng.randbytes(min(size, PREFIX_LIMIT))

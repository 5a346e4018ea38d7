"""squeue: the jobs of a Slurm cluster.

Models -h, -l, -j, -u, -t, -p, -n, -o and the columns that people and pilots ask for. Held against
slurm-wlm 22.05.8 (docs/reference/fidelity.md). Not modelled: arrays, steps, --start, -S, -i.
"""

from __future__ import annotations

import time
from typing import Any
from typing import Generator

import simpy

from fakesites.slurm import PENDING
from fakesites.slurm import SHORT
from fakesites.slurm import Job
from fakesites.slurm import SlurmError
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._slurm import VERSION
from fakesites.tools._slurm import ask
from fakesites.tools._slurm import duration
from fakesites.tools._slurm import fatal
from fakesites.tools._slurm import instant
from fakesites.tools._slurm import row
from fakesites.tools._slurm import wrong_option

Work = Generator[simpy.Event, Any, int]

GRAMMAR = Grammar(
    flags="halV",
    values="jutpno",
    long=(
        ("format=", "o"),
        ("jobs=", "j"),
        ("long", "l"),
        ("name=", "n"),
        ("noheader", "h"),
        ("partition=", "p"),
        ("states=", "t"),
        ("user=", "u"),
        ("version", "V"),
    ),
)
PLAIN = "%.18i %.9P %.8j %.8u %.2t %.10M %.6D %R"
LONG = "%.18i %.9P %.8j %.8u %.8T %.10M %.9l %.6D %R"
HEADS = {
    "i": "JOBID",
    "P": "PARTITION",
    "j": "NAME",
    "u": "USER",
    "t": "ST",
    "T": "STATE",
    "M": "TIME",
    "l": "TIME_LIMIT",
    "L": "TIME_LEFT",
    "D": "NODES",
    "C": "CPUS",
    "R": "NODELIST(REASON)",
    "N": "NODELIST",
    "r": "REASON",
    "S": "START_TIME",
    "V": "SUBMIT_TIME",
    "a": "ACCOUNT",
    "Z": "WORK_DIR",
}


@tool("squeue", optional=True)
def squeue(call: ToolCall) -> Work:
    """Print the jobs that wait and run; exit code 0 or 1."""
    try:
        options = GRAMMAR.read(call.argv)
    except UsageError as error:
        return wrong_option(call, str(error))
    if options.has("V"):
        call.out(VERSION)
        return 0
    number = options.get("j")
    if number and not number.isdigit():
        call.err(f"squeue: error: Invalid job id: {number}\n")
        return 1
    user = options.get("u")
    if user and user not in ("root", call.node.spec.user):
        call.err(f"squeue: error: Invalid user: {user}\n\n")
    try:
        jobs: list[Job] = yield from ask(call, "jobs_known", number=int(number or 0))
    except SlurmError as error:
        return fatal(call, error, "slurm_load_jobs error: ")
    chosen = [job for job in jobs if wanted(job, options)]
    # What waits comes first, and what was submitted first before what came later or is held.
    chosen.sort(key=lambda job: (job.state != PENDING, -job.priority))
    write(call, options, chosen)
    return 0


def wanted(job: Job, options: Options) -> bool:
    """Tell whether *job* is one of those asked for."""
    states = options.get("t").upper().split(",") if options.has("t") else []
    shown = {job.state, SHORT[job.state]} & {*states} if states else not job.is_over
    if "ALL" in states:
        shown = True
    return bool(shown) and all(
        not options.has(letter) or value in options.get(letter).split(",")
        for letter, value in (("u", job.user), ("p", job.partition), ("n", job.name))
    )


def write(call: ToolCall, options: Options, jobs: list[Job]) -> None:
    """Print the table."""
    form = options.get("o") or (LONG if options.has("l") else PLAIN)
    if options.has("l"):
        call.out(time.strftime("%a %b %d %H:%M:%S %Y\n", time.gmtime(call.node.clock.wall())))
    if not options.has("h"):
        call.out(row(form, lambda letter: HEADS.get(letter, "?")))
    for job in jobs:
        cells = cells_of(call, job)
        call.out(row(form, lambda letter, cells=cells: cells.get(letter, "")))  # type: ignore[misc]


def cells_of(call: ToolCall, job: Job) -> dict[str, str]:
    """Return what each letter of a format stands for."""
    ran = job.ran_s(call.node.clock.now)
    waits = job.state == PENDING
    return {
        "i": str(job.number),
        "P": job.partition,
        "j": job.name,
        "u": job.user,
        "t": SHORT[job.state],
        "T": job.state,
        "M": duration(ran),
        "l": duration(job.limit_s),
        "L": duration(job.limit_s - ran),
        "D": str(job.nodes),
        "C": str(job.cpus),
        "R": f"({job.reason})" if waits else job.host,
        "N": job.host,
        "r": job.reason,
        "S": "N/A" if waits else instant(call, job.started),
        "V": instant(call, job.submitted),
        "a": job.account,
        "Z": job.folder,
    }

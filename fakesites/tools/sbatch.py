"""sbatch and scancel: jobs into a Slurm cluster, and out of it.

Models the options of a pilot factory (-p, -t, -N, -n, -J, -A, -o, --mem, --hold, --parsable,
--wrap, -D) on the command line and in ``#SBATCH`` lines, the script that runs later with the
variables that Slurm sets, its output in slurm-<number>.out. Held against slurm-wlm 22.05.8
(docs/reference/fidelity.md). Not modelled: arrays, dependencies, several nodes of one job.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.running import Command
from fakesites.slurm import Controller
from fakesites.slurm import Job
from fakesites.slurm import SlurmError
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._slurm import VERSION
from fakesites.tools._slurm import ask
from fakesites.tools._slurm import wrong_option
from fakesites.tools._texts import decoded
from fakesites.tools._texts import encoded

Work = Generator[simpy.Event, Any, int]

GRAMMAR = Grammar(
    flags="HV",
    values="ptNnJAoeDc",
    long=(
        ("account=", "A"),
        ("chdir=", "D"),
        ("cpus-per-task=", "c"),
        ("error=", "e"),
        ("export=", "export"),
        ("hold", "H"),
        ("job-name=", "J"),
        ("mem=", "mem"),
        ("nodes=", "N"),
        ("ntasks=", "n"),
        ("output=", "o"),
        ("parsable", "parsable"),
        ("partition=", "p"),
        ("time=", "t"),
        ("version", "V"),
        ("wrap=", "wrap"),
    ),
    in_order=True,
)
TIME = re.compile(r"(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?")
MEMORY = re.compile(r"(\d+)([KMGT]?)", re.I)
TO_MB = {"": 1.0, "K": 1 / 1024, "M": 1.0, "G": 1024.0, "T": 1024.0 * 1024.0}
NO_SCRIPT = (
    "This does not look like a batch script.  The first",
    "line must start with #! followed by the path to an interpreter.",
    "For instance: #!/bin/sh",
)
USAGE_CODE = 255


@tool("sbatch", optional=True)
def sbatch(call: ToolCall) -> Work:
    """Submit one script; exit code 0, 1, or 255 for a wrong option."""
    try:
        options = GRAMMAR.read(call.argv)
    except UsageError as error:
        return wrong_option(call, str(error), code=USAGE_CODE)
    if options.has("V"):
        call.out(VERSION)
        return 0
    script = script_of(call, options)
    if script is None:
        return 1
    # What the command line says counts more than what the script says.
    options = merged(options, script)
    limit_s = seconds_of(options.get("t", "1-00:00:00"))
    if limit_s is None:
        call.err("sbatch: error: Invalid --time specification\n")
        return USAGE_CODE
    return (yield from _submit(call, options, script, limit_s))


def script_of(call: ToolCall, options: Options) -> str | None:
    """Return the script, or None after saying what is wrong with it."""
    if options.has("wrap"):
        return f"#!/bin/sh\n# This script was created by sbatch --wrap.\n\n{options.get('wrap')}\n"
    if not options.words:
        text = call.stdin
    else:
        try:
            text = decoded(call.read(options.words[0]))
        except OSError:
            call.err(f"sbatch: error: Unable to open file {options.words[0]}\n")
            return None
    if not text:
        call.err("sbatch: error: Batch script is empty!\n")
        return None
    if not text.startswith("#!"):
        call.err("".join(f"sbatch: error: {line}\n" for line in NO_SCRIPT))
        return None
    return text


def merged(options: Options, script: str) -> Options:
    """Return *options* with those of the script's ``#SBATCH`` lines behind them."""
    words = [
        word
        for line in script.splitlines()
        if line.startswith("#SBATCH ")
        for word in line.split()[1:]
    ]
    try:
        own = GRAMMAR.read(("sbatch", *words))
    except UsageError:
        return options
    return Options({**own.values, **options.values}, options.words)


def seconds_of(text: str) -> float | None:
    """Return a time limit (minutes, M:S, H:M:S, D-H, D-H:M, D-H:M:S) in seconds."""
    match = TIME.fullmatch(text)
    if match is None:
        return None
    days, *rest = match.groups()
    numbers = [int(each) for each in rest if each is not None]
    units = (3600, 60, 1) if days is not None or len(numbers) == 3 else (60, 1, 0)
    total = sum(number * unit for number, unit in zip(numbers, units, strict=False))
    return float(total + 86400 * int(days or 0))


def megabytes(text: str) -> int:
    """Return a size as --mem takes it, in megabytes."""
    match = MEMORY.fullmatch(text)
    return int(int(match[1]) * TO_MB[match[2].upper()]) if match else 0


def _submit(call: ToolCall, options: Options, script: str, limit_s: float) -> Work:
    folder = call.path(options.get("D", call.cwd))
    script_name = options.words[0] if options.words else ""
    name = "wrap" if options.has("wrap") else posixpath.basename(script_name) or "sbatch"
    spec = call.node.spec
    try:
        cluster: Controller = yield from ask(call, "cluster")
        job = Job(
            0,
            options.get("J", name),
            spec.user,
            spec.uid if spec.user != "root" else 0,
            spec.group_of(spec.user),
            spec.gid if spec.user != "root" else 0,
            call.path(script_name) if script_name else "(null)",
            folder,
            beginner(call, cluster, script),
            nodes=nodes_of(options, cluster),
            tasks=int(options.get("n", str(nodes_of(options, cluster)))),
            memory_mb=megabytes(options.get("mem", "0")),
            limit_s=limit_s,
            account=options.get("A", "(null)"),
        )
        number = yield from ask(
            call, "submit", job=job, partition=options.get("p"), held=options.has("H")
        )
    except SlurmError as error:
        if error.hint:
            call.err(f"sbatch: error: {error.hint}\n")
        if error.text:
            call.err(f"sbatch: error: Batch job submission failed: {error.text}\n")
        return 1
    call.out(f"{number}\n" if options.has("parsable") else f"Submitted batch job {number}\n")
    return 0


def nodes_of(options: Options, cluster: Controller) -> int:
    """Return how many nodes are wanted: those that are named, or as many as the tasks need."""
    if options.has("N"):
        return int(options.get("N").partition("-")[0])
    return max(1, -(-int(options.get("n", "1")) // cluster.spec.cores))


def beginner(call: ToolCall, cluster: Controller, script: str) -> Callable[[Job], Any]:
    """Return what starts the script of a job on its node, and returns what can stop it."""
    node, env, owner = call.node, dict(call.env), call.owner

    def begin(job: Job) -> Callable[[int], object]:
        path = f"{job.folder}/.slurm_script_{job.number}"
        node.files.write(path, encoded(script))
        words = (script[2:].split("\n", 1)[0].strip() or "/bin/sh").split()
        variables = {**env, **environ_of(job, cluster)}
        running = node.spawn(Command((*words, path), variables, cwd=job.folder, owner=owner))

        def finish() -> Generator[simpy.Event, Any, None]:
            if running.finished is None:
                yield running.done
            end = running.finished
            assert end is not None
            node.files.real(path).unlink(missing_ok=True)
            output = f"{job.folder}/slurm-{job.number}.out"
            node.files.write(output, encoded(end.stdout + end.stderr))
            cluster.ended(job, end.code, end.signal)

        node.clock.process(finish())
        return lambda number: node.processes.signal(running.pid, number, by="slurm")

    return begin


def environ_of(job: Job, cluster: Controller) -> dict[str, str]:
    """Return the variables that Slurm sets for a job's script."""
    spec = cluster.spec
    return {
        "SLURMD_NODENAME": job.host,
        "SLURM_CLUSTER_NAME": spec.name,
        "SLURM_CPUS_ON_NODE": str(job.cpus),
        "SLURM_GTIDS": "0",
        "SLURM_JOBID": str(job.number),
        "SLURM_JOB_CPUS_PER_NODE": str(job.cpus),
        "SLURM_JOB_GID": str(job.gid),
        "SLURM_JOB_ID": str(job.number),
        "SLURM_JOB_NAME": job.name,
        "SLURM_JOB_NODELIST": job.host,
        "SLURM_JOB_NUM_NODES": str(job.nodes),
        "SLURM_JOB_PARTITION": job.partition,
        "SLURM_JOB_UID": str(job.uid),
        "SLURM_JOB_USER": job.user,
        "SLURM_LOCALID": "0",
        "SLURM_NNODES": str(job.nodes),
        "SLURM_NODEID": "0",
        "SLURM_NODELIST": job.host,
        "SLURM_NODE_ALIASES": "(null)",
        "SLURM_PRIO_PROCESS": "0",
        "SLURM_PROCID": "0",
        "SLURM_SUBMIT_DIR": job.folder,
        "SLURM_SUBMIT_HOST": job.host,
        "SLURM_TASKS_PER_NODE": str(job.tasks),
        "SLURM_TASK_PID": str(4000 + job.number),
        "SLURM_TOPOLOGY_ADDR": job.host,
        "SLURM_TOPOLOGY_ADDR_PATTERN": "node",
        "SLURM_WORKING_CLUSTER": f"{spec.name}:{spec.host}:{spec.port}:9728:109",
    }


@tool("scancel", optional=True)
def scancel(call: ToolCall) -> Work:
    """End jobs; exit code 0, 1 for a wrong command, 8 without a controller."""
    numbers = [word for word in call.argv[1:] if not word.startswith("-")]
    if not numbers:
        call.err("scancel: error: No job identification provided\n")
        return 1
    for number in numbers:
        if not number.isdigit():
            call.err(f"scancel: error: Invalid job id {number}\n")
            return 1
        try:
            yield from ask(call, "cancel", number=int(number))
        except SlurmError as error:
            if error.text:
                call.err(f"scancel: error: Kill job error on job id {number}: {error.text}\n")
            return 8
    return 0

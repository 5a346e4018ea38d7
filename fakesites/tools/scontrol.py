"""scontrol: what a Slurm controller knows, and orders to it.

Models show job, node, partition, hostnames, config in its form, ping, hold, release and update
NodeName State. Held against slurm-wlm 22.05.8 (docs/reference/fidelity.md).
"""

from __future__ import annotations

import re
from typing import Any
from typing import Generator

import simpy

from fakesites.slurm import PENDING
from fakesites.slurm import Controller
from fakesites.slurm import Job
from fakesites.slurm import SlurmError
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._slurm import VERSION
from fakesites.tools._slurm import ask
from fakesites.tools._slurm import duration
from fakesites.tools._slurm import fatal
from fakesites.tools._slurm import instant
from fakesites.tools._slurm import wrong_option

Work = Generator[simpy.Event, Any, int]
HOSTS = re.compile(r"([^,\[]+)(?:\[([^\]]*)\])?,?")
DOWN = """\
*****************************************
** RESTORE SLURMCTLD DAEMON TO SERVICE **
*****************************************
"""


@tool("scontrol", optional=True)
def scontrol(call: ToolCall) -> Work:
    """Show what there is, or change it; exit code 0 or 1."""
    words = [word for word in call.argv[1:] if word not in ("-o", "--oneliner")]
    if words and words[0].startswith("-"):
        if words[0] in ("-V", "--version"):
            call.out(VERSION)
            return 0
        return wrong_option(call, f"unrecognized option '{words[0]}'")
    if not words:
        call.out("scontrol: \n")
        return 0
    verb, *rest = words
    if verb == "show":
        return (yield from _show(call, rest, oneline=len(words) < len(call.argv) - 1))
    if verb == "ping":
        return (yield from _ping(call))
    if verb in ("hold", "release") and rest:
        return (yield from _hold(call, rest[0], release=verb == "release"))
    if verb == "update":
        return (yield from _update(call, rest))
    call.err(f"invalid keyword: {verb}\n")
    return 1


def _show(call: ToolCall, words: list[str], *, oneline: bool) -> Work:
    entity = words[0] if words else ""
    name = words[1] if len(words) > 1 else ""
    if entity == "hostnames":
        return _hostnames(call, name)
    shows = {
        "job": _show_jobs,
        "jobs": _show_jobs,
        "node": _show_nodes,
        "nodes": _show_nodes,
    }
    shows |= {"partition": _show_partition, "partitions": _show_partition}
    if entity not in shows:
        call.err(f"invalid entity:{entity} for keyword:show \n")
        return 1
    return (yield from shows[entity](call, name, oneline))


def _hostnames(call: ToolCall, names: str) -> int:
    names = names or call.env.get("SLURM_JOB_NODELIST", "")
    if not names:
        call.err("scontrol: error: host list is empty\n")
        return 0
    for prefix, ranges in HOSTS.findall(names):
        for each in ranges.split(",") if ranges else [""]:
            first, _, last = each.partition("-")
            numbers = range(int(first), int(last) + 1) if last else [first]
            for number in numbers:
                call.out(f"{prefix}{str(number).zfill(len(first))}\n")
    return 0


def _show_jobs(call: ToolCall, name: str, oneline: bool) -> Work:
    try:
        jobs: list[Job] = yield from ask(call, "jobs_known", number=int(name or 0))
    except SlurmError as error:
        return fatal(call, error, "slurm_load_jobs error: ")
    if not jobs:
        call.out("No jobs in the system\n")
    for job in jobs:
        lines = job_lines(call, job)
        call.out(f"{' '.join(lines)} \n" if oneline else "\n   ".join([*lines, "\n\n"]))
    return 0


def job_lines(call: ToolCall, job: Job) -> list[str]:
    """Return what is shown of one job."""
    waits = job.state == PENDING
    now = call.node.clock.now
    end = job.ended if job.is_over else -1.0 if waits else job.started + job.limit_s
    host = f"BatchHost={job.host}"
    submitted = instant(call, job.submitted)
    return [
        f"JobId={job.number} JobName={job.name}",
        f"UserId={job.user}({job.uid}) GroupId={job.group}({job.gid}) MCS_label=N/A",
        f"Priority={job.priority} Nice=0 Account={job.account} QOS=(null)",
        f"JobState={job.state} Reason={job.reason} Dependency=(null)",
        f"Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode={job.code}:{job.signal}",
        f"RunTime={duration(job.ran_s(now), hours=True)} "
        f"TimeLimit={duration(job.limit_s, hours=True)} TimeMin=N/A",
        f"SubmitTime={submitted} EligibleTime={submitted}",
        f"AccrueTime={submitted}",
        f"StartTime={instant(call, job.started)} EndTime={instant(call, end)} Deadline=N/A",
        f"SuspendTime=None SecsPreSuspend=0 LastSchedEval={submitted} Scheduler=Main",
        f"Partition={job.partition} AllocNode:Sid={call.node.name}:{call.pid}",
        "ReqNodeList=(null) ExcNodeList=(null)",
        f"NodeList={job.host}",
        *([] if waits else [host]),
        f"NumNodes={job.nodes} NumCPUs={job.cpus} NumTasks={job.tasks} CPUs/Task=1 "
        "ReqB:S:C:T=0:0:*:*",
        f"TRES=cpu={job.cpus},node={job.nodes},billing={job.cpus}",
        "Socks/Node=* NtasksPerN:B:S:C=0:0:*:* CoreSpec=*",
        f"MinCPUsNode=1 MinMemoryNode={job.memory_mb} MinTmpDiskNode=0",
        "Features=(null) DelayBoot=00:00:00",
        "OverSubscribe=OK Contiguous=0 Licenses=(null) Network=(null)",
        f"Command={job.command}",
        f"WorkDir={job.folder}",
        f"StdErr={job.folder}/slurm-{job.number}.out",
        "StdIn=/dev/null",
        f"StdOut={job.folder}/slurm-{job.number}.out",
        "Power=",
    ]


def _show_nodes(call: ToolCall, name: str, oneline: bool) -> Work:
    try:
        cluster: Controller = yield from ask(call, "cluster")
    except SlurmError as error:
        return fatal(call, error, "slurm_load_node error: ")
    if name and name not in cluster.spec.nodes:
        call.out(f"Node {name} not found\n")
        return 1
    for node in [name] if name else cluster.spec.nodes:
        lines = node_lines(call, cluster, node)
        call.out(f"{' '.join(lines)} \n" if oneline else "\n   ".join(lines) + "\n\n")
    return 0


def node_lines(call: ToolCall, cluster: Controller, node: str) -> list[str]:
    """Return what is shown of one node."""
    spec = cluster.spec
    taken = spec.cores - cluster.free_cores(node)
    state = cluster.state_of(node)
    if state.startswith("DRAIN"):
        state = "IDLE+DRAIN" if state == "DRAINED" else "MIXED+DRAIN"
    booted = instant(call, max(0.0, call.node.clock.now - call.node.spec.uptime_s))
    return [
        f"NodeName={node} Arch=x86_64 CoresPerSocket=1 ",
        f"CPUAlloc={taken} CPUEfctv={spec.cores} CPUTot={spec.cores} CPULoad=0.00",
        "AvailableFeatures=(null)",
        "ActiveFeatures=(null)",
        "Gres=(null)",
        f"NodeAddr={node} NodeHostName={node} Version=22.05.8",
        f"OS=Linux {call.node.spec.kernel} ",
        f"RealMemory={spec.memory_mb} AllocMem=0 FreeMem={spec.memory_mb} "
        f"Sockets={spec.cores} Boards=1",
        f"State={state} ThreadsPerCore=1 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A",
        f"Partitions={spec.partition} ",
        f"BootTime={booted} SlurmdStartTime={booted}",
        f"LastBusyTime={booted}",
        f"CfgTRES=cpu={spec.cores},mem={spec.memory_mb}M,billing={spec.cores}",
        f"AllocTRES={f'cpu={taken}' if taken else ''}",
        "CapWatts=n/a",
        "CurrentWatts=0 AveWatts=0",
        "ExtSensorsJoules=n/s ExtSensorsWatts=0 ExtSensorsTemp=n/s",
        *([f"Reason={cluster.drained[node]} [root@{booted}]"] if node in cluster.drained else []),
    ]


def _show_partition(call: ToolCall, name: str, oneline: bool) -> Work:
    try:
        cluster: Controller = yield from ask(call, "cluster")
    except SlurmError as error:
        return fatal(call, error, "slurm_load_partitions error: ")
    if name not in ("", cluster.spec.partition):
        call.out(f"Partition {name} not found\n")
        return 1
    lines = partition_lines(cluster)
    call.out(f"{' '.join(lines)} \n" if oneline else "\n   ".join(lines) + "\n\n")
    return 0


def partition_lines(cluster: Controller) -> list[str]:
    """Return what is shown of the partition."""
    spec = cluster.spec
    cpus, nodes = spec.cores * len(spec.nodes), len(spec.nodes)
    return [
        f"PartitionName={spec.partition}",
        "AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL",
        "AllocNodes=ALL Default=YES QoS=N/A",
        "DefaultTime=NONE DisableRootJobs=NO ExclusiveUser=NO GraceTime=0 Hidden=NO",
        f"MaxNodes=UNLIMITED MaxTime={duration(spec.limit_s, hours=True)} MinNodes=0 LLN=NO "
        "MaxCPUsPerNode=UNLIMITED",
        f"Nodes={','.join(spec.nodes)}",
        "PriorityJobFactor=1 PriorityTier=1 RootOnly=NO ReqResv=NO OverSubscribe=NO",
        "OverTimeLimit=NONE PreemptMode=OFF",
        f"State=UP TotalCPUs={cpus} TotalNodes={nodes} SelectTypeParameters=NONE",
        "JobDefaults=(null)",
        "DefMemPerNode=UNLIMITED MaxMemPerNode=UNLIMITED",
        f"TRES=cpu={cpus},mem={spec.memory_mb * nodes}M,node={nodes},billing={cpus}",
    ]


def _ping(call: ToolCall) -> Work:
    try:
        cluster: Controller = yield from ask(call, "cluster")
    except SlurmError:
        call.out(f"Slurmctld(primary) at {call.node.name} is DOWN\n{DOWN}")
        return 1
    call.out(f"Slurmctld(primary) at {cluster.spec.host} is UP\n")
    return 0


def _hold(call: ToolCall, name: str, *, release: bool) -> Work:
    try:
        yield from ask(call, "hold", number=int(name), release=release)
    except SlurmError as error:
        call.err(f"{error.text} for job {name}\n")
        return fatal(call, error, "slurm_suspend error: ")
    return 0


def _update(call: ToolCall, words: list[str]) -> Work:
    given = {key.lower(): value for key, _, value in (word.partition("=") for word in words)}
    if "nodename" not in given:
        call.err("No valid entity in update command\n")
        return 1
    drains = given.get("state", "").upper().startswith("DRAIN")
    reason = given.get("reason", "none") if drains else ""
    try:
        yield from ask(call, "drain", node=given["nodename"], reason=reason)
    except SlurmError as error:
        return fatal(call, error, "slurm_update error: ")
    return 0

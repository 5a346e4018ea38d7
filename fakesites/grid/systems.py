"""Batch systems, each with its own words and ways.

Models how HTCondor (behind an HTCondor-CE), Slurm, PBS, SGE and LSF name the states of a job,
how often they look for work to start, what they send at the end of the wall time, and what
preemption is to them. Defaults as their manuals have them: condor_q and the negotiator's
NEGOTIATOR_INTERVAL; squeue(1), slurm.conf(5) KillWait, PreemptMode and GraceTime; qstat(1B) and
kill_delay of Torque; qstat(1) and queue_conf(5) s_rt and h_rt of SGE; bjobs(1) and lsb.queues(5)
RUNLIMIT and JOB_TERMINATE_INTERVAL of LSF.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

REQUEUE, CANCEL, SUSPEND = "requeue", "cancel", "suspend"

# What a pilot reports after a signal (pilot3: pilot/common/errorcodes.py). It catches no other:
# one that is not here ends it without a word.
SIGNAL_CODES = {"SIGTERM": 1201, "SIGXCPU": 1204, "SIGUSR1": 1207, "SIGINT": 1208}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job is told to go: *signal*, then *notice_s* seconds, then SIGKILL."""

    signal: str
    notice_s: float


@dataclass(frozen=True, slots=True)
class BatchSystem:
    """One batch system.

    *words* are its own for: queued, held, running, suspended, done, failed, removed, walltime,
    preempted, node_down. It looks for jobs to start every *cycle_s* seconds, and past a wide job
    that waits for room only with *backfill*. *priorities*: whether one job goes before another.
    """

    name: str
    words: Mapping[str, str]
    cycle_s: float
    backfill: bool
    priorities: bool
    walltime: Ending
    preempt: str
    preempted: Ending


HTCONDOR = BatchSystem(
    "htcondor-ce",
    {
        "queued": "I",
        "held": "H",
        "running": "R",
        "suspended": "S",
        "done": "C",
        "failed": "C",
        "removed": "X",
        # SYSTEM_PERIODIC_REMOVE of the CE: the user's job is gone from the queue.
        "walltime": "X",
        "preempted": "I",
        "node_down": "I",
    },
    cycle_s=60.0,
    backfill=True,
    priorities=True,
    walltime=Ending("SIGTERM", 30.0),
    preempt=REQUEUE,
    preempted=Ending("SIGTERM", 600.0),
)
SLURM = BatchSystem(
    "slurm",
    {
        "queued": "PENDING",
        "held": "PENDING(JobHeldAdmin)",
        "running": "RUNNING",
        "suspended": "SUSPENDED",
        "done": "COMPLETED",
        "failed": "FAILED",
        "removed": "CANCELLED",
        "walltime": "TIMEOUT",
        "preempted": "PREEMPTED",
        "node_down": "NODE_FAIL",
    },
    cycle_s=30.0,
    backfill=True,
    priorities=True,
    walltime=Ending("SIGTERM", 30.0),
    preempt=CANCEL,
    preempted=Ending("SIGTERM", 0.0),
)
PBS = BatchSystem(
    "pbs",
    {
        "queued": "Q",
        "held": "H",
        "running": "R",
        "suspended": "S",
        "done": "C(0)",
        "failed": "C(1)",
        "removed": "C(265)",
        # 256 and the signal.
        "walltime": "C(271)",
        "preempted": "Q",
        "node_down": "C(-11)",
    },
    cycle_s=600.0,
    backfill=False,
    priorities=True,
    walltime=Ending("SIGTERM", 2.0),
    preempt=REQUEUE,
    preempted=Ending("SIGKILL", 0.0),
)
SGE = BatchSystem(
    "sge",
    {
        "queued": "qw",
        "held": "hqw",
        "running": "r",
        "suspended": "S",
        "done": "0",
        "failed": "1",
        "removed": "dr",
        # 128 and SIGKILL: h_rt; s_rt has sent SIGUSR1 before.
        "walltime": "137",
        "preempted": "S",
        "node_down": "Rr",
    },
    cycle_s=15.0,
    backfill=False,
    priorities=True,
    walltime=Ending("SIGUSR1", 60.0),
    preempt=SUSPEND,
    preempted=Ending("SIGSTOP", 0.0),
)
LSF = BatchSystem(
    "lsf",
    {
        "queued": "PEND",
        "held": "PSUSP",
        "running": "RUN",
        "suspended": "SSUSP",
        "done": "DONE",
        "failed": "EXIT",
        "removed": "EXIT(TERM_OWNER)",
        "walltime": "EXIT(TERM_RUNLIMIT)",
        "preempted": "SSUSP",
        "node_down": "UNKWN",
    },
    cycle_s=20.0,
    backfill=True,
    priorities=True,
    # SIGUSR2 first, SIGINT and SIGTERM ten seconds apart after it: a pilot that does not catch
    # the first never sees the others.
    walltime=Ending("SIGUSR2", 10.0),
    preempt=SUSPEND,
    preempted=Ending("SIGSTOP", 0.0),
)

SYSTEMS: Mapping[str, BatchSystem] = {
    system.name: system for system in (HTCONDOR, SLURM, PBS, SGE, LSF)
}

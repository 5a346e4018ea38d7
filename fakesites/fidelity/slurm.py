"""Slurm's programs beside those of Debian, with a cluster of one node."""

from __future__ import annotations

from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
    Comparison(
        "sinfo, squeue, scontrol, sbatch, scancel, sacct",
        "slurm-wlm (slurmctld, slurmd, slurm-client), munge",
        "22.05.8",
        "sinfo -h -o -N -l -s -p -t -R; squeue -h -o -l -j -u -t -n; scontrol show job, node,"
        " partition, hostnames, hold, -o; sbatch -p -t -N -n --hold --parsable; scancel; sacct",
        "an idle cluster, a job that runs, jobs that wait (too long, too large, held), jobs taken"
        " away; no such job, user, partition, node, entity; no script, an empty one, one without an"
        " interpreter; wrong times and options; no controller; the variables that a job finds",
    ),
)
DIFFERENCES = (
    Difference(
        "scontrol",
        "show job, show node",
        "priorities, sessions, loads, addresses, kernels, free memory and instants of its machine",
        "those of the simulated one",
        "they are different every time",
    ),
    Difference(
        "scontrol",
        "show job of a job that waits",
        "may show the memory of a whole node as wanted (`TRES=cpu=1,mem=1000M,…`) once looked at",
        "what was asked for",
        "depends on when the scheduler came by",
    ),
    Difference(
        "squeue",
        "a job that is too long was just submitted",
        "`PartitionConfig` for a second, then `PartitionTimeLimit`",
        "the latter at once",
        "depends on when the scheduler came by",
    ),
    Difference(
        "sacct",
        "there is a database",
        "not compared: it needs one",
        "says that there is none",
        "not modelled",
    ),
    Difference(
        "sbatch",
        "too much memory is asked for",
        "refuses, and keeps a failed job all the same, which takes a number",
        "refuses",
        "no pilot factory reads it",
    ),
)

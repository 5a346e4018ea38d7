"""Machine and job features: what a site tells a job of its machine and of its slot, in files.

Models the folders of $MACHINEFEATURES and $JOBFEATURES with the names of the specification, filled
from the node and the batch system; an end of the machine is told only if one is known. Not
modelled: the same over HTTP, values that change while a job runs.
Read from HSF-TN-2016-02 (machine/job features), and the names that pilot3@a090538b reads
(pilot/util/features.py).
"""

from __future__ import annotations

from typing import Mapping

from fakesites.batch import BatchSpec
from fakesites.files import NodeFiles
from fakesites.machine import MB
from fakesites.machine import NodeSpec

FOLDER = "/srv/features"
MACHINE, JOB = "machine", "job"
HS06_OF_A_CORE = 10.0


def variables(spec: NodeSpec) -> dict[str, str]:
    """Return what tells a job where the folders are; ``{root}`` is the node's own."""
    if not spec.features:
        return {}
    return {
        "MACHINEFEATURES": f"{{root}}/features/{MACHINE}",
        "JOBFEATURES": f"{{root}}/features/{JOB}",
    }


def machine_features(spec: NodeSpec) -> Mapping[str, str]:
    """Return the files about the machine, by name."""
    return {
        "grace_secs": "0",
        "hs06": f"{spec.cores * HS06_OF_A_CORE:.0f}",
        "total_cpu": str(spec.cores),
    }


def job_features(
    spec: NodeSpec, batch: BatchSpec, *, job: str, now: float, walltime_s: float
) -> Mapping[str, str]:
    """Return the files about a slot that began *now* (POSIX seconds), by name."""
    memory_mb = spec.slot_memory_mb or spec.memory_mb
    return {
        "allocated_cpu": str(spec.cores),
        "cpu_limit_secs": f"{walltime_s * spec.cores:.0f}",
        "grace_secs_job": f"{batch.grace_s:.0f}",
        "hs06_job": f"{spec.cores * HS06_OF_A_CORE:.0f}",
        "job_id": job,
        "jobstart_secs": f"{now:.0f}",
        "max_rss_bytes": str(memory_mb * MB),
        "max_swap_bytes": str((memory_mb + spec.swap_mb) * MB),
        "scratch_limit_bytes": str((spec.disk_mb - spec.disk_used_mb) * MB),
        "shutdowntime_job": f"{now + walltime_s:.0f}",
        "wall_limit_secs": f"{walltime_s:.0f}",
    }


def write(files: NodeFiles, kind: str, values: Mapping[str, str]) -> None:
    """Put *values* into the folder of *kind*."""
    files.make_folder(f"{FOLDER}/{kind}")
    for name in sorted(values):
        files.write(f"{FOLDER}/{kind}/{name}", f"{values[name]}\n".encode())

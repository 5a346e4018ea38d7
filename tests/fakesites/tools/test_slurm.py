"""Slurm's programs on a node: what a script submitted there goes through."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.slurm import Controller
from fakesites.tools.sbatch import megabytes
from fakesites.tools.sbatch import seconds_of
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.tools.slurm_world import slurm_world

Work = Generator[simpy.Event, Any, Any]
Cluster = tuple[SiteWorld, Controller]
SLEEP = "#!/bin/bash\n#SBATCH -J pilot\nsleep 100\n"


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    world, controller = slurm_world(tmp_path)
    world.node.files.write("/srv/work/job.sh", SLEEP.encode())
    return world, controller


def script(world: SiteWorld, text: str) -> None:
    world.node.files.write("/srv/work/job.sh", f"#!/bin/bash\n{text}\n".encode())


def states(world: SiteWorld) -> list[str]:
    return world.run("squeue", "-h", "-t", "all", "-o", "%T").stdout.split()


def test_a_script_runs_and_leaves_its_output(cluster: Cluster) -> None:
    world, _ = cluster
    script(world, 'echo "$SLURM_JOB_ID on $SLURM_JOB_NODELIST"')
    assert world.run("sbatch", "job.sh").stdout == "Submitted batch job 1\n"
    world.clock.run(until=10.0)
    output = world.node.files.real("/srv/work/slurm-1.out").read_text()
    assert (output, states(world)) == ("1 on localhost\n", ["COMPLETED"])


def test_a_script_that_fails_is_a_failed_job(cluster: Cluster) -> None:
    world, _ = cluster
    script(world, "exit 3")
    world.run("sbatch", "job.sh")
    world.clock.run(until=10.0)
    shown = world.run("scontrol", "show", "job", "1").stdout
    assert "JobState=FAILED Reason=NonZeroExitCode" in shown
    assert "ExitCode=3:0" in shown


def test_as_many_run_as_there_are_cores(cluster: Cluster) -> None:
    world, _ = cluster
    for _ in range(3):
        world.run("sbatch", "job.sh")
    world.clock.run(until=10.0)
    assert states(world) == ["PENDING", "RUNNING", "RUNNING"]
    assert world.run("sinfo", "-h", "-o", "%t %C").stdout == "alloc 2/0/0/2\n"
    world.clock.run(until=150.0)
    assert states(world) == ["RUNNING", "COMPLETED", "COMPLETED"] or "RUNNING" in states(world)


def test_the_time_limit_ends_a_job(cluster: Cluster) -> None:
    world, _ = cluster
    world.run("sbatch", "-t", "1", "job.sh")
    world.clock.run(until=90.0)
    assert states(world) == ["TIMEOUT"]


def test_scancel_ends_a_job_by_a_signal(cluster: Cluster) -> None:
    world, _ = cluster
    world.run("sbatch", "job.sh")
    world.clock.run(until=10.0)
    world.run("scancel", "1")
    world.clock.run(until=11.0)
    assert "JobState=CANCELLED" in world.run("scontrol", "show", "job", "1").stdout


def test_a_held_job_waits_until_it_is_released(cluster: Cluster) -> None:
    world, _ = cluster
    world.run("sbatch", "--hold", "job.sh")
    world.clock.run(until=10.0)
    assert "(JobHeldUser)" in world.run("squeue").stdout
    world.run("scontrol", "release", "1")
    world.clock.run(until=20.0)
    assert states(world) == ["RUNNING"]


def test_a_drained_node_takes_no_more(cluster: Cluster) -> None:
    world, _ = cluster
    world.run("scontrol", "update", "NodeName=localhost", "State=DRAIN", "Reason=broken")
    world.run("sbatch", "job.sh")
    world.clock.run(until=10.0)
    assert (states(world), "broken" in world.run("sinfo", "-R").stdout) == (["PENDING"], True)
    world.run("scontrol", "update", "NodeName=localhost", "State=RESUME")
    world.clock.run(until=20.0)
    assert states(world) == ["RUNNING"]


def test_a_record_is_forgotten_after_five_minutes(cluster: Cluster) -> None:
    world, _ = cluster
    script(world, "true")
    world.run("sbatch", "job.sh")
    world.clock.run(until=600.0)
    ran = world.run("squeue", "-j", "1")
    assert (1, "slurm_load_jobs error: Invalid job id specified\n") == (ran.code, ran.stderr)


def test_without_a_configuration_there_is_no_cluster(tmp_path: Path) -> None:
    world, _ = slurm_world(tmp_path)
    ran = world.run("sinfo", SLURM_CONF="/none")
    assert (ran.code, "cannot stat file /none" in ran.stderr) == (1, True)
    assert world.clock.now == 60.0


def test_a_node_without_the_programs_does_not_know_them(tmp_path: Path) -> None:
    from tests.fakesites.site_world import make_world

    with pytest.raises(OSError, match="No such file"):
        make_world(tmp_path, site="BNL").run("squeue")


def test_a_slurm_site_has_a_cluster(tmp_path: Path) -> None:
    from tests.fakesites.site_world import make_world

    world = make_world(tmp_path, site="CALTECH")
    world.node.mounted.update(world.site.node_files())
    assert world.run("sinfo", "-h", "-o", "%N %c").stdout == "compute-3-11.caltech.sim 8\n"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 300),
        ("5:30", 330),
        ("1:00:00", 3600),
        ("1-0", 86400),
        ("1-2:03:04", 93784),
        ("x", None),
    ],
)
def test_time_limits_have_many_forms(text: str, seconds: float | None) -> None:
    assert seconds == seconds_of(text)


@pytest.mark.parametrize(("text", "size"), [("9G", 9216), ("500", 500), ("2048K", 2), ("x", 0)])
def test_memory_has_units(text: str, size: int) -> None:
    assert size == megabytes(text)


def test_a_fault_of_the_tool_is_met(cluster: Cluster) -> None:
    world, _ = cluster

    def slow(call: Any, _proceed: Any) -> Work:
        yield world.clock.timeout(30.0)
        call.err("slurm_load_jobs error: Socket timed out on send/recv operation\n")
        return 1

    world.points.attach("tool.squeue", slow)
    assert "Socket timed out" in world.run("squeue").stderr

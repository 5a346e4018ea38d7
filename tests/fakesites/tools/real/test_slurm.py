"""squeue, sinfo, scontrol, sbatch, scancel and sacct of a real cluster, and ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest

from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import scratch
from tests.fakesites.tools.real.servers import sleep
from tests.fakesites.tools.real.servers import wait_until
from tests.fakesites.tools.real.slurm import ask
from tests.fakesites.tools.real.slurm import slurm
from tests.fakesites.tools.slurm_world import slurm_world
from tests.fakesites.tools.test_against_grid_clients import Said
from tests.fakesites.tools.test_against_grid_clients import instant

pytestmark = pytest.mark.programs
LONG_JOB = "#!/bin/sh\n#SBATCH -J pilot\nexec sleep 600\n"
SHORT_JOB = "#!/bin/sh\nenv\n"
FILES = {"long.sh": LONG_JOB, "short.sh": SHORT_JOB, "bad.sh": "hello\n", "empty.sh": ""}

# One cluster after the other: nothing, a job that runs, jobs that wait, none again.
IDLE = [
    "sinfo",
    "sinfo -h -o %P,%a,%l,%D,%t,%N",
    "sinfo -N",
    "sinfo -s",
    "sinfo -p nosuch",
    "sinfo -p grid -t idle -h -o %D",
    "sinfo -h -o %C",
    "sinfo -R",
    "sinfo --version",
    "sinfo --nonsense",
    "squeue",
    "squeue -j 999",
    "squeue -j abc",
    "squeue -u nosuchuser",
    "squeue --nonsense",
    "scontrol show partition",
    "scontrol show partition nosuch",
    "scontrol show node",
    "scontrol show node nosuch",
    "scontrol show job 999",
    "scontrol show job",
    "scontrol show nonsense",
    "scontrol show hostnames a[1-3],b07",
    "scontrol show hostnames",
    "scontrol hold 999",
    "scontrol --version",
    "sacct",
    "sacct -j 1",
    "scancel",
    "scancel abc",
    "scancel 999",
    "sbatch none.sh",
    "sbatch bad.sh",
    "sbatch empty.sh",
    "sbatch -p nosuch long.sh",
    "sbatch -t abc long.sh",
    "sbatch --nonsense long.sh",
]
RUNNING = [
    "squeue",
    "squeue -l",
    "squeue -h -o %i,%t,%T,%r,%N,%D,%C,%l,%u,%P,%j",
    "squeue -j 1 -h -o %T",
    "squeue -u root -h -o %i",
    "squeue -t PD -h -o %i",
    "squeue -n pilot -h -o %i",
    "squeue -n other -h -o %i",
    "scontrol show job 1",
    "scontrol -o show job 1",
    "scontrol show node",
    "sinfo",
    "sinfo -h -o %C",
    "sinfo -N -l",
]
WAITING = [
    "sbatch -t 9-00:00:00 long.sh",
    "sbatch -N 5 long.sh",
    "sbatch --hold long.sh",
    "sbatch --parsable -n 100 long.sh",
    "squeue -h -o %i,%t,%D,%C,%r",
    "scontrol show job 4",
    "scancel 2",
    "squeue -h -o %i,%t",
    "scancel 1",
    "scontrol show job 1",
]
# What is the machine's, or an instant.
CUTS = (
    (r"\d{4}-\d\d-\d\dT[\d:]{8}", "INSTANT"),
    (r"\w{3} \w{3} +\d+ [\d:]{8} \d{4}", "INSTANT"),
    (r"(?<=RunTime=)[\d:]+", "TIME"),
    (r" \d:\d\d ", " TIME "),
    (
        r"(?<=EndTime=)\S+|(?<=LastSchedEval=)\S+|(?<=EligibleTime=)\S+|(?<=AccrueTime=)\S+",
        "INSTANT",
    ),
    (r"(Priority|FreeMem)=\d+|CPULoad=\S+", "NUMBER"),
    (r"AllocNode:Sid=\S+", "SESSION"),
    (r"NodeAddr=\S+", "ADDRESS"),
    (r"OS=Linux[^\n]*?(?=\n|   RealMemory)", "SYSTEM"),
    (r"Scheduler=\w+", "SCHEDULER"),
    # Memory that a job has not asked for is shown once a job has been looked at.
    (r"TRES=cpu=(\d+),mem=\w+,", r"TRES=cpu=\1,"),
)


def tidy(text: str, folder: str) -> str:
    text = text.replace(folder, "FOLDER")
    for pattern, instead in CUTS:
        text = re.sub(pattern, instead, text)
    return text


@dataclass
class Clusters:
    """The real one and ours, asked the same in the same order."""

    config: Path
    folder: Path

    def __post_init__(self) -> None:
        self.world, self.controller = slurm_world(self.folder / "node", epoch=float(instant()))
        self.work = self.folder / "work"
        self.work.mkdir()
        for name, text in FILES.items():
            (self.work / name).write_text(text)
            self.world.node.files.write(f"/srv/work/{name}", text.encode())

    def real(self, line: str) -> Said:
        done = ask(self.config, *line.split(), cwd=self.work)
        where = str(self.work)
        return Said(tidy(done.stdout, where), tidy(done.stderr, where), done.returncode)

    def ours(self, line: str) -> Said:
        ran = self.world.run(*line.split())
        if line.startswith(("sbatch", "scancel")):
            self.world.clock.run(until=self.world.clock.now + 3.0)
        return Said(tidy(ran.stdout, "/srv/work"), tidy(ran.stderr, "/srv/work"), ran.code)

    def settle(self, number: int, state: str) -> None:
        """Wait until a job of the real cluster is in *state*."""
        form = ("-h", "-t", "all", "-o", "%T")
        words = ("squeue", "-j", str(number), *form)
        wait_until(lambda: ask(self.config, *words).stdout == f"{state}\n", f"job {number}")


def told(differ: list[tuple[str, Said, Said]]) -> str:
    """Return what differs, one below the other."""
    pairs = [(line, real, ours) for line, real, ours in differ if real != ours]
    return "\n".join(f"{line}\n{real}\n{ours}" for line, real, ours in pairs)


@pytest.fixture(scope="module")
def clusters() -> Iterator[Clusters]:
    need("sinfo")
    with scratch("slurm") as folder, slurm(folder) as config:
        yield Clusters(config, folder)


def test_they_say_the_same_of_an_idle_cluster(clusters: Clusters) -> None:
    differ = [(line, clusters.real(line), clusters.ours(line)) for line in IDLE]
    assert [] == [each for each in differ if each[1] != each[2]], told(differ)


def test_they_say_the_same_of_jobs_that_run_wait_and_are_taken_away(clusters: Clusters) -> None:
    assert clusters.real("sbatch long.sh") == clusters.ours("sbatch long.sh")
    clusters.settle(1, "RUNNING")
    differ = []
    for line in RUNNING + WAITING:
        differ.append((line, clusters.real(line), clusters.ours(line)))
        if line.startswith("sbatch"):
            sleep(3.0)  # the scheduler looks at it a second time
        if line == "scancel 1":
            clusters.settle(1, "CANCELLED")
    assert [] == [each for each in differ if each[1] != each[2]], told(differ)


def test_a_job_finds_the_same_variables(clusters: Clusters) -> None:
    real, ours = clusters.real("sbatch short.sh"), clusters.ours("sbatch short.sh")
    assert real == ours
    number = int(real.stdout.split()[-1])
    clusters.settle(number, "COMPLETED")
    name = f"slurm-{number}.out"
    written = clusters.work / name, clusters.world.node.files.real(f"/srv/work/{name}")
    found = [
        dict(line.split("=", 1) for line in path.read_text().splitlines() if is_slurms(line))
        for path in written
    ]
    for each in found:
        each["SLURM_SUBMIT_DIR"] = "FOLDER"
    assert found[0] == found[1]


def is_slurms(line: str) -> bool:
    """Tell whether a variable is Slurm's, and not its machine's."""
    own = ("SLURM_CONF", "SLURM_TASK_PID", "SLURM_WORKING_CLUSTER", "SLURM_SUBMIT_HOST")
    return line.startswith("SLURM") and not line.startswith(own)


LOST = ["sinfo", "squeue", "sbatch long.sh", "scontrol show job 1", "scancel 1"]


@pytest.mark.parametrize("line", LOST)
def test_they_say_the_same_without_a_controller(
    clusters: Clusters, tmp_path: Path, line: str
) -> None:
    text = clusters.config.read_text()
    dead = clusters.folder / "dead.conf"
    dead.write_text(re.sub(r"SlurmctldPort=\d+", "SlurmctldPort=9", text))
    done = ask(dead, *line.split(), cwd=clusters.work)
    world, _ = slurm_world(tmp_path, listens=False)
    world.node.files.write("/srv/work/long.sh", LONG_JOB.encode())
    ran = world.run(*line.split())
    assert (done.stdout, done.stderr, done.returncode) == (ran.stdout, ran.stderr, ran.code)

"""A real cluster of one node: munged, slurmctld and slurmd with a configuration of their own."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Iterator

import pytest

from tests.fakesites.tools.real.servers import free_port
from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import running
from tests.fakesites.tools.real.servers import wait_until

CONFIG = """\
ClusterName=sim
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
AuthType=auth/munge
AuthInfo=socket={folder}/public/munge.sock
CryptoType=crypto/munge
SlurmUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=grid Nodes=localhost Default=YES MaxTime=1-00:00:00 State=UP
"""


def ask(config: Path, *argv: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run one of Slurm's programs."""
    env = {**os.environ, "SLURM_CONF": str(config), "TZ": "UTC"}
    return subprocess.run(
        argv,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextlib.contextmanager
def slurm(folder: Path) -> Iterator[Path]:
    """Run a cluster; gives its configuration. Needs root: slurmd starts jobs as others."""
    need("munged", "slurmctld", "slurmd")
    if os.geteuid() != 0:
        pytest.skip("only root can run a node of Slurm")
    for name in ("public", "state", "spool", "log"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.write_bytes(bytes(range(256)) * 4)
    key.chmod(0o400)
    config = folder / "slurm.conf"
    ports = {"controller": free_port(), "daemon": free_port()}
    config.write_text(CONFIG.format(folder=folder, **ports))
    socket = folder / "public" / "munge.sock"
    munged = (
        *("munged", "--foreground", "--force", f"--socket={socket}", f"--key-file={key}"),
        *(f"--pid-file={folder}/munged.pid", f"--log-file={folder}/log/munged.log"),
        f"--seed-file={folder}/munged.seed",
    )
    env = {"SLURM_CONF": str(config)}
    with (
        running(*munged, log=folder / "log" / "munged", as_root=True),
        running("slurmctld", "-D", log=folder / "log" / "slurmctld", as_root=True, **env),
        running("slurmd", "-D", "-N", "localhost", log=folder / "log" / "d", as_root=True, **env),
    ):
        wait_until(lambda: ask(config, "sinfo", "-h", "-o", "%t").stdout == "idle\n", "Slurm")
        yield config

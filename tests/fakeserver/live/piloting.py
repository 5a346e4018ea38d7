"""A real pilot in real time, outside the simulator but behind a fence, with real files.

The pilot kills every process of its user whose parent is pid 1. So it gets a pid namespace of its
own, which dies with it, and is told not to (PILOT_NOKILL); of our environment it gets nothing. It
ends after a while even if nobody is left to see to that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fakeserver.live.worlds import fill
from harness.pilots.cache import Installed
from harness.pilots.options import accepted
from harness.pilots.options import help_of
from harness.pilots.options import known_options
from pilotcore.data.locations import rucio_path
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import Running

QUEUE = "FLIGHTSIM_LIVE"
ENDPOINT = "FLIGHTSIM_DATADISK"
PANDA_ID = 6_000_000_001
INPUT = "input.dat"
OUTPUT = "output.dat"
LIMIT_S = 200
# Where old releases of pilot3 look for transforms, whatever they are told (user/generic/setup.py);
# curl is told below to find it here.
TRANSFORM_HOST = "pandaserver-doma.cern.ch:25080"
TRANSFORM = """\
#!/bin/sh
# Turn the input into the output, and take a moment for it.
sleep 1
tr a-z A-Z < input.dat > output.dat
"""
PROXY, TOKEN = "proxy", "token"
FENCE = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
# Where root is nobody else's: a user namespace makes the caller root of its own.
FENCE_OF_A_USER = (*FENCE, "--user", "--map-root-user")


@lru_cache(maxsize=1)
def fence() -> tuple[str, ...]:
    """Return the command that runs another in a pid namespace, () if there is none to be had."""
    for command in (FENCE, FENCE_OF_A_USER):
        if shutil.which(command[0]) is None:
            return ()
        tried = subprocess.run([*command, "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return command
    return ()


@dataclass(frozen=True, slots=True)
class Flight:
    """What came of a pilot: exit code, what it said, where all its files are."""

    code: int
    said: str
    folder: Path

    @property
    def outputs(self) -> list[str]:
        """Return the text of every file with the name of the output."""
        return [path.read_text() for path in sorted(self.folder.rglob(OUTPUT))]


def world(transforms: str, *, storage: Path) -> dict[str, Any]:
    """Return a queue whose files are copied on one disk, and a job with an input and an output.

    Its transform lies below the address *transforms*. pilot3 has its files beside it, the
    reference pilot in the folder *storage*.
    """
    text = content()
    return {
        "queues": {QUEUE: queue()},
        "endpoints": {ENDPOINT: endpoint(storage)},
        "transforms": {"upper": TRANSFORM},
        "jobs": [
            {
                "panda_id": PANDA_ID,
                "queue": QUEUE,
                "task_id": 4711,
                "transformation": f"{transforms}/upper",
                "job_pars": "",
                "max_walltime": 3600,
                "inputs": [
                    {
                        "lfn": INPUT,
                        "guid": "11111111-1111-4111-8111-111111111111",
                        "size": len(text),
                        "adler32": f"{zlib.adler32(text.encode()):08x}",
                        "endpoint": ENDPOINT,
                    }
                ],
                "outputs": [{"lfn": OUTPUT, "endpoint": ENDPOINT}],
                "log": {"lfn": "live.job.log.tgz", "endpoint": ENDPOINT},
            }
        ],
    }


def content() -> str:
    """Return what is in the input."""
    return "".join(f"event {number} of a short job\n" for number in range(1000))


def queue() -> dict[str, Any]:
    """Return the queuedata that pilot3 needs (protocol reference, section 3)."""
    activities = ("pr", "pw", "pl", "read_lan", "read_wan", "write_lan", "write_wan", "default")
    return {
        "nickname": QUEUE,
        "panda_resource": QUEUE,
        "atlas_site": "FLIGHTSIM",
        "state": "ACTIVE",
        "status": "online",
        "type": "unified",
        "resource_type": "GRID",
        "copytools": {"mv": {"setup": ""}},
        "acopytools": {activity: ["mv"] for activity in activities},
        "astorages": {activity: [ENDPOINT] for activity in activities},
        "timefloor": 0,
        "maxwdir": 10_000,
        "maxinputsize": -1,
        "maxtime": 7200,
        "corecount": 1,
        "allow_lan": True,
        "allow_wan": False,
        "direct_access_lan": False,
        "direct_access_wan": False,
        "is_cvmfs": False,
        "catchall": "",
        "environ": "",
        "appdir": "",
        "container_type": "",
        "container_options": "",
    }


def endpoint(storage: Path) -> dict[str, Any]:
    """Return the storage endpoint, a folder."""
    protocol = {"endpoint": "file://", "path": f"{storage}/", "id": 1, "flavour": "LOCAL"}
    activities = ("read_lan", "read_wan", "write_lan", "write_wan")
    return {
        "name": ENDPOINT,
        "id": 1,
        "state": "ACTIVE",
        "site": "FLIGHTSIM",
        "type": "DATADISK",
        "token": "DATADISK",
        "is_deterministic": True,
        "arprotocols": {activity: [protocol] for activity in activities},
        "rprotocols": {},
        "resource": {},
    }


OPTIONS = "--pilot-user generic -j managed -i PR -w generic -v 1 -x 1 -l 3600 -b -d -t -u"
MORE = "--cleanup False --use-rucio-traces False"


def fly_pilot3(
    served: Running, pilot: Installed, *, folder: Path, credential: str = PROXY
) -> Flight:
    """Run pilot3 for one job in *folder*; options that this release does not know are left out.

    *credential* is what it shows: PROXY or TOKEN.
    """
    known = known_options(help_of(pilot))
    here = f"{served.plain}/trf/user" if "-g" in known else f"http://{TRANSFORM_HOST}/trf/user"
    fill(served.live.model, world(here, storage=folder / "storage"))
    options = ["-q", QUEUE, *OPTIONS.split(), *MORE.split(), *where(served)]
    command = [sys.executable, str(pilot.root / "pilot.py"), *accepted(help_of(pilot), options)]
    return fly(served, command, folder=folder, path=pilot.root, credential=credential)


def fly_reference_pilot(
    served: Running, *, folder: Path, command: tuple[str, ...] = (sys.executable, "-m", "pilotcore")
) -> Flight:
    """Run the reference pilot for one job in *folder*, by *command*."""
    root = Path(__file__).resolve().parents[3]
    storage = folder / "storage"
    fill(served.live.model, world(f"{served.plain}/trf/user", storage=storage))
    source = storage / rucio_path("flightsim", INPUT)
    source.parent.mkdir(parents=True)
    source.write_text(content())
    options = ["-q", QUEUE, "-j", "managed", "-v", "1", "-x", "1", *where(served)]
    return fly(served, [*command, *options], folder=folder, path=root)


def where(served: Running) -> list[str]:
    """Return the options that say where the server is."""
    assert served.serving.secure is not None
    return [
        *("--url", "https://127.0.0.1", "-p", str(served.serving.secure.port)),
        *("--queuedata-url", f"{served.plain}/cache/schedconfig/{{pandaqueue}}.all.json"),
        *("--storagedata-url", f"{served.plain}/ddmendpoints.json"),
        *("-g", f"{served.plain}/trf/user"),
    ]


def fly(
    served: Running, command: list[str], *, folder: Path, path: Path, credential: str = PROXY
) -> Flight:
    """Run the pilot *command* in *folder* behind the fence; *path* is where it imports from."""
    work = folder / "work"
    work.mkdir()
    (work / INPUT).write_text(content())
    assert served.serving.plain is not None
    here = f"{TRANSFORM_HOST}:127.0.0.1:{served.serving.plain.port}"
    (folder / ".curlrc").write_text(f'connect-to = "{here}"\n')
    with (folder / "said.txt").open("w+") as said:
        done = subprocess.run(
            ["timeout", "--kill-after=5", str(LIMIT_S), *fence(), *command],
            cwd=work,
            env=environment(served, folder, path) | shown(served, credential),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            timeout=LIMIT_S + PATIENCE_S,
            check=False,
        )
        said.seek(0)
        return Flight(done.returncode, said.read(), folder)


def environment(served: Running, folder: Path, path: Path) -> dict[str, str]:
    """Return all the environment that the pilot has."""
    assert served.folder is not None
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "PILOT_HOME": str(folder / "work"),
        "PILOT_NOKILL": "1",
        "PYTHONPATH": str(path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PANDA_HOSTNAME": "wn1.flightsim",
        "X509_CERT_DIR": str(served.folder.authorities),
        "LOCAL_AGIS_SCHEDCONF": f"{served.plain}/cache/schedconfig/{QUEUE}.json",
    }


def shown(served: Running, credential: str) -> dict[str, str]:
    """Return the variables that say what a pilot shows: PROXY or TOKEN."""
    assert served.folder is not None
    if credential == PROXY:
        return {"X509_USER_PROXY": str(served.folder.proxy("production"))}
    return {
        "PANDA_AUTH_TOKEN": "pilot.token",
        "PANDA_AUTH_TOKEN_KEY": "pilot.token_key",
        "PANDA_AUTH_ORIGIN": "atlas.pilot",
        # pilot3 looks beside what this names (util/https.py, locate_token: dirname).
        "PANDA_AUTH_DIR": f"{served.folder.path}/",
    }

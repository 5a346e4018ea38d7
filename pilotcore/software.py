"""The line that runs a job: a transform that was downloaded, or one of a release of software.

A job of ATLAS names a program of a release, and the release by its project, number and platform;
setupATLAS and asetup of the site's /cvmfs put it on the PATH. Read from
pilot3@a090538b:pilot/user/atlas/setup.py, get_asetup() and get_asetup_options(). Not modelled:
containers, nightlies, user analysis packages.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Callable
from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.job import Job

BASE_VARIABLE = "ATLAS_SW_BASE"
BASE = "/cvmfs"
LOCAL_ROOT = "atlas.cern.ch/repo/ATLASLocalRootBase"
SYSTEM_FOLDERS = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin")
RELEASE = re.compile(r"Atlas-(?P<number>\d[\w.]*)")


def with_system_folders(env: Mapping[str, str]) -> dict[str, str]:
    """Return *env* with a PATH that has the folders of the system, after its own.

    A batch system may leave out /usr/sbin, where a site keeps tools that jobs need (INC-099).
    """
    given = env.get("PATH", "")
    folders = [each for each in given.split(":") if each]
    missing = [each for each in SYSTEM_FOLDERS if each not in folders]
    return {**env, "PATH": ":".join([*folders, *missing])}


def is_downloaded(transformation: str) -> bool:
    """Tell whether *transformation* is where a script is, and not the name of a program."""
    return transformation.startswith(("http://", "https://"))


def release_line(job: Job, env: Mapping[str, str], path: Callable[[str], Path] = Path) -> str:
    """Return the shell line that runs the program of *job*, of its release if it names one.

    *path* makes paths.

    Raises PilotError (1110) if the site has no such software.
    """
    program = f"{job.transformation} {job.parameters}".rstrip()
    found = RELEASE.fullmatch(job.release)
    if found is None:
        return program
    local_root = f"{env.get(BASE_VARIABLE) or BASE}/{LOCAL_ROOT}"
    setup = f"{local_root}/user/atlasLocalSetup.sh"
    if not path(setup).is_file():
        raise PilotError(1110, f"{setup} is not there")
    options = ",".join([*_package(job.package), found["number"], "notest"])
    platform = f" --platform {shlex.quote(job.platform)}" if job.platform else ""
    return (
        f"export ATLAS_LOCAL_ROOT_BASE={shlex.quote(local_root)}; "
        f"source {shlex.quote(setup)} --quiet && "
        f"source $AtlasSetup/scripts/asetup.sh {shlex.quote(options)}{platform} && {program}"
    )


def _package(package: str) -> list[str]:
    """Return the project of ``Athena/25.0.20``; nothing if the job names none."""
    return [package.split("/")[0]] if package else []

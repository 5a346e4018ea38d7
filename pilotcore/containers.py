"""The container of a job: which image, and the line that runs the payload in it.

A job that names no image runs on the node itself. IMAGE_BASE, of the queue's catchall or the
environment, is where images lie that are named without a place; it makes no image out of none
(INC-093). Read from pilot3@a090538b:pilot/info/jobdata.py#init and
pilot/user/atlas/container.py. Not modelled: images of a platform (ATLASLocalRootBase).
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.job import Job

BASE = "IMAGE_BASE"
KNOWN = ("apptainer", "singularity")
PLACED = ("/", "docker:", "oras:", "library:")


def image_of(job: Job, catchall: Mapping[str, str], env: Mapping[str, str]) -> str:
    """Return the image that *job* runs in, "" if it names none."""
    base = env.get(BASE) or catchall.get(BASE, "")
    if job.image and base and not job.image.startswith(PLACED):
        return f"{base.rstrip('/')}/{job.image}"
    return job.image


def program_of(containers: Mapping[str, str]) -> str:
    """Return the program by which the pilot is to run containers, "" if its wrapper has done it.

    *containers* are those of the queue, by user. Raises PilotError (1384) for one that this pilot
    does not know: what the queue says is wrong, and the job would run in no container at all.
    """
    program = containers.get("pilot", "")
    if program in KNOWN or (not program and "wrapper" in containers):
        return program
    if not containers:
        return KNOWN[0]
    named = ", ".join(f"{name} for {user}" for user, name in containers.items())
    raise PilotError(1384, f"container_type has {named}")


def contained(line: str, image: str, *, directory: Path, program: str = KNOWN[0]) -> str:
    """Return the shell line that runs *line* in a container of *image*; itself without one."""
    if not image or not program:
        return line
    place = shlex.quote(str(directory))
    return (
        f"{program} exec --bind {place} --pwd {place} {shlex.quote(image)} "
        f"/bin/bash -c {shlex.quote(line)}"
    )

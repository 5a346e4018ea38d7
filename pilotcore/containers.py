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

from pilotcore.job import Job

BASE = "IMAGE_BASE"
PLACED = ("/", "docker:", "oras:", "library:")


def image_of(job: Job, catchall: Mapping[str, str], env: Mapping[str, str]) -> str:
    """Return the image that *job* runs in, "" if it names none."""
    base = env.get(BASE) or catchall.get(BASE, "")
    if job.image and base and not job.image.startswith(PLACED):
        return f"{base.rstrip('/')}/{job.image}"
    return job.image


def contained(line: str, image: str, *, directory: Path) -> str:
    """Return the shell line that runs *line* in a container of *image*; itself without one."""
    if not image:
        return line
    place = shlex.quote(str(directory))
    return (
        f"apptainer exec --bind {place} --pwd {place} {shlex.quote(image)} "
        f"/bin/bash -c {shlex.quote(line)}"
    )

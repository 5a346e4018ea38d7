"""Proxies from the server: a new one for the pilot, and one for the payload of a user's job.

A download that fails is a failure, whatever the old proxy still allows (INC-069: ``==`` in the
place of ``=``, for 21 months). A user's proxy is for that user's payload: it stands in the
environment of that payload and nowhere else, or the next job would use it (INC-073).
Read from pilot3@a090538b:pilot/util/proxy.py#get_proxy, pilot/control/job.py#download_new_proxy.
Not modelled: MyProxy, VOs other than ATLAS.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Mapping

from pilotcore.credentials import Credential
from pilotcore.dialects import BadAnswer
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.platform import HttpFailure
from pilotcore.server import Server

PILOTS_ROLE = "atlas:/atlas/Role=production"
USERS_ROLE = "atlas"
USERS = ("user", "panda")
UNIFIED = "unified"
FILE = "x509up-unified"


class Renewal:
    """Asks the server for proxies."""

    def __init__(self, server: Server, credential: Credential, log: Logbook) -> None:
        self._server = server
        self._credential = credential
        self._log = log

    def renew(self) -> str:
        """Put a new proxy into the place of the pilot's own; return why not, "" if it is done."""
        why = self._fetch(PILOTS_ROLE, self._credential.proxy)
        self._log.info(f"proxy renewed: {why or 'yes'}")
        return why

    def payload_env(self, job: Job, *, queue_kind: str, directory: Path) -> Mapping[str, str]:
        """Return the variables by which the payload of *job* finds its own proxy."""
        if job.label not in USERS or queue_kind != UNIFIED:
            return {}
        why = self._fetch(USERS_ROLE, directory / FILE)
        if why:
            self._log.warning(f"no proxy for the payload: {why}")
            return {}
        return {"X509_USER_PROXY": str(directory / FILE)}

    def _fetch(self, role: str, path: Path) -> str:
        try:
            store(self._server.proxy({"role": role}), path)
        except (BadAnswer, HttpFailure, OSError) as error:
            return str(error)
        return ""


def store(pem: str, path: Path) -> None:
    """Write *pem* to *path*, mode 600, so that nobody ever reads half of it. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(pem)
    os.replace(part, path)

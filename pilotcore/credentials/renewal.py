"""Proxies from the server: a new one for the pilot, and one for the payload of a user's job.

A download that fails is a failure, whatever the old proxy still allows (INC-069: ``==`` in the
place of ``=``, for 21 months). A user's proxy is for that user's payload: it stands in the
environment of that payload and nowhere else, or the next job would use it (INC-073).
Read from pilot3@a090538b:pilot/util/proxy.py#get_proxy, pilot/control/job.py#download_new_proxy.
Where there is a MyProxy server (myproxy.py), that one is asked first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

from pilotcore.credentials import Credential
from pilotcore.credentials.myproxy import MyProxy
from pilotcore.dialects import BadAnswer
from pilotcore.files import write_private
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.platform import HttpFailure
from pilotcore.server import Server

USERS = ("user", "panda")
UNIFIED = "unified"
FILE = "x509up-unified"


class Renewal:
    """Asks the server for proxies, in the roles that the experiment names."""

    def __init__(
        self,
        server: Server,
        credential: Credential,
        log: Logbook,
        *,
        pilots_role: str,
        users_role: str,
        myproxy: MyProxy | None = None,
    ) -> None:
        self._pilots_role = pilots_role
        self._users_role = users_role
        self._server = server
        self._credential = credential
        self._log = log
        self._myproxy = myproxy

    def renew(self) -> str:
        """Put a new proxy into the place of the pilot's own; return why not, "" if it is done."""
        path = self._credential.proxy
        if self._myproxy is not None and not self._myproxy.fetch(path, username=""):
            return ""
        why = self._fetch(self._pilots_role, path)
        self._log.info(f"proxy renewed: {why or 'yes'}")
        return why

    def payload_env(self, job: Job, *, queue_kind: str, directory: Path) -> Mapping[str, str]:
        """Return the variables by which the payload of *job* finds its own proxy."""
        if job.label not in USERS or queue_kind != UNIFIED:
            return {}
        why = self._fetch(self._users_role, directory / FILE)
        if why:
            self._log.warning(f"no proxy for the payload: {why}")
            return {}
        return {"X509_USER_PROXY": str(directory / FILE)}

    def _fetch(self, role: str, path: Path) -> str:
        try:
            write_private(path, self._server.proxy({"role": role}))
        except (BadAnswer, HttpFailure, OSError) as error:
            return str(error)
        return ""

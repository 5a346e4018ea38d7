"""In whose name a payload runs: the pilot's, or by gLExec that of its owner.

The owner's proxy comes from the MyProxy server that the job names, or the site, under the name
that the job gives (``credname``). It is fetched again every REFRESH_S seconds, by this pilot and
not by a process that would end with its parent, and passed on to the payload. A job without such a
name runs with a copy of the pilot's proxy, as the account that the site gives to that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

from pilotcore.credentials.glexec import FAILED
from pilotcore.credentials.glexec import Switch
from pilotcore.credentials.glexec import error_of
from pilotcore.credentials.myproxy import myproxy_of
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.experiments import End
from pilotcore.job import Job
from pilotcore.kit import Kit
from pilotcore.orders import Orders
from pilotcore.watch import View
from pilotcore.watch import Watchdog

REFRESH_S = 3600.0


class Guise:
    """The account and the proxy of one payload, in a folder beside its *directory*."""

    every_s = REFRESH_S

    def __init__(self, kit: Kit, job: Job, *, directory: Path, orders: Orders) -> None:
        self._kit = kit
        self._job = job
        self._directory = directory
        self._orders = orders
        self._switch: Switch | None = None
        self._folder = directory.with_name(f"{directory.name}.glexec")
        server = myproxy_of(
            kit.platform,
            kit.log,
            env=kit.env,
            catchall=kit.queue.catchall,
            proxy=kit.credential.proxy,
            server=job.myproxy,
        )
        self._server = server if job.credname else None

    @property
    def watchdogs(self) -> tuple[Watchdog, ...]:
        """Return what keeps the owner's proxy fresh, if it can be."""
        return (self,) if self._switch and self._server else ()

    def dress(self, line: str, env: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return line and environment of the payload as they are run.

        Raises PilotError (1226) if the queue wants another account and that cannot be had.
        """
        kit = self._kit
        if not kit.queue.glexec:
            return line, dict(env)
        switch = Switch(kit.platform, kit.log, kit.env, self._folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._switch = switch
        line = switch.prepare(line, proxy=self._proxy(), directory=self._directory, env=env)
        return line, {**env, **switch.variables}

    def undress(self) -> None:
        """Remove what is left of the owner's proxy."""
        if self._switch is not None:
            self._switch.clean_up()
            self._switch = None

    def look(self, view: View) -> Failure | None:  # noqa: ARG002
        """Give the payload a newer proxy; one that is not to be had is no reason to kill it."""
        if self._switch is None:
            return None
        try:
            self._switch.fill(self._proxy())
            why = self._switch.pass_on()
        except PilotError as error:
            why = str(error)
        if why:
            self._kit.log.warning(f"the payload keeps its old proxy: {why}")
        return None

    def _proxy(self) -> str:
        """Return the text of the proxy to run with. Raises PilotError (1226)."""
        path = self._kit.credential.proxy
        if self._server is not None:
            path = self._folder / "x509up_fetched"
            why = self._server.fetch(
                path, username=self._job.user, name=self._job.credname, orders=self._orders
            )
            if why:
                raise PilotError(FAILED, f"no proxy of the job's owner: {why}")
        try:
            return path.read_text(encoding="ascii")
        except OSError as error:
            raise PilotError(FAILED, f"{path.name}: {error.strerror}") from error


def failure_of_switch(end: End) -> Failure | None:
    """Return the failure if it was gLExec that failed and not the payload."""
    code = error_of(end.code)
    return Failure(code, f"glexec {end.code}: {end.words.strip()[-120:]}") if code else None

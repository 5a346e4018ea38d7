"""A credential that ends before the job does takes the report with it.

Without valid VOMS attributes the server accepts no update, the final one included: the job must
be ended and reported while that can still be done, unless the server has a new one. The batch
system may renew the proxy file, too, which is therefore read anew each time.
Read from pilot3@a090538b:pilot/util/monitoring.py#verify_proxy (every 600 s).
"""

from __future__ import annotations

from typing import Callable

from pilotcore.credentials import Credential
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.watch import View

EVERY_S = 600.0
SOON = 1370


class Proxy:
    """Looks how long the credential still lasts."""

    every_s = EVERY_S

    def __init__(self, credential: Credential, *, least_s: float, renew: Callable[[], str]) -> None:
        self._credential = credential
        self._least_s = least_s
        self._renew = renew

    def look(self, view: View) -> Failure | None:  # noqa: ARG002
        """Return failure 1370 if there is no new one, or 1163 or 1177 if it is too late already."""
        failure = self._failure()
        if failure is None or failure.code != SOON:
            return failure
        why = self._renew()
        if why:
            return Failure(failure.code, f"{failure.detail}; no new one: {why}")
        return self._failure()

    def _failure(self) -> Failure | None:
        try:
            self._credential.check(least_s=self._least_s, soon=SOON)
        except PilotError as error:
            return error.failure
        return None

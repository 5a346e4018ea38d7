"""The real panda-client, from the package index, in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakeserver.live.running import Running
from tests.fakeserver.live.talking import Talker
from tests.fakeserver.live.talking import packages

VERSION = "2.2.0"
PROGRAM = Path(__file__).with_name("client_program.py")


def installed() -> Path:
    """Return the folder with panda-client and what it needs. Raises OSError if pip fails."""
    return packages(f"panda-client-{VERSION}", f"panda-client=={VERSION}")


class PandaClient:
    """The client of one person, who talks to one server."""

    def __init__(self, served: Running, *, proxy: str) -> None:
        assert served.folder is not None
        environment = {
            "PANDA_URL": f"{served.plain}/server/panda",
            "PANDA_URL_SSL": f"{served.secure}/server/panda",
            "PANDACACHE_URL": f"{served.secure}/server/panda",
            # Else it asks DNS for another name of the host, which its certificate has not.
            "PANDA_BEHIND_REAL_LB": "1",
            "X509_USER_PROXY": str(served.folder.proxy(proxy)),
            "X509_CERT_DIR": str(served.folder.authorities),
        }
        self._talker = Talker(
            PROGRAM, path=[installed()], environment=environment, folder=served.folder.path
        )

    def __call__(self, function: str, *arguments: Any, **options: Any) -> Any:
        """Call a function of pandaclient.Client and return what it returns."""
        return self._talker.ask(function, list(arguments), options)

    def close(self) -> None:
        """End the process."""
        self._talker.close()

"""A real GridFTP server in a scratch folder."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator

from tests.fakesites.tools.real.servers import answers
from tests.fakesites.tools.real.servers import free_port
from tests.fakesites.tools.real.servers import give_away
from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import running
from tests.fakesites.tools.real.servers import wait_until


@contextlib.contextmanager
def gridftp(folder: Path, pki: Path) -> Iterator[int]:
    """Serve the machine's files to those of *pki*'s grid map; gives the port."""
    need("globus-gridftp-server")
    port = free_port()
    (folder / "data").mkdir()
    give_away(folder / "data")
    words = (
        *("globus-gridftp-server", "-s", "-p", str(port), "-home-dir", str(folder)),
        *("-control-interface", "127.0.0.1", "-data-interface", "127.0.0.1"),
        *("-config-base-path", str(folder / "none"), "-disable-usage-stats"),
    )
    env = {
        "X509_CERT_DIR": f"{pki}/certificates",
        "X509_USER_CERT": f"{pki}/hostcert.pem",
        "X509_USER_KEY": f"{pki}/hostkey.pem",
        "GRIDMAP": f"{pki}/gridmap",
    }
    # It becomes the user of the grid map by itself.
    with running(*words, log=folder / "log", as_root=True, **env):
        wait_until(lambda: answers(port), "globus-gridftp-server")
        yield port

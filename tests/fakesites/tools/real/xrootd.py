"""A real xrootd server in a scratch folder, with its HTTP door beside the other."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Iterator

from tests.fakesites.tools.real.servers import answers
from tests.fakesites.tools.real.servers import free_port
from tests.fakesites.tools.real.servers import give_away
from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import running
from tests.fakesites.tools.real.servers import wait_until

PLAIN = """\
all.export /data
oss.localroot {root}
all.adminpath {root}/admin
all.pidpath {root}/admin
xrd.port {port}
xrootd.chksum max 2 adler32
"""
HTTP = """\
xrd.protocol http:{http} libXrdHttp.so
"""
SECURE = """\
xrootd.seclib libXrdSec.so
sec.protocol gsi -certdir:{pki}/certificates -cert:{own}/hostcert.pem -key:{own}/hostkey.pem \
-gridmap:{pki}/gridmap -crl:0 -gmapopt:1
sec.protbind * only gsi
"""
TLS = """\
xrd.tls {own}/hostcert.pem {own}/hostkey.pem
xrd.tlsca certdir {pki}/certificates
"""


@contextlib.contextmanager
def xrootd(folder: Path, *, pki: Path | None = None, http: int = 0) -> Iterator[int]:
    """Serve ``folder/data`` as /data, to those with a certificate if *pki*; gives the port."""
    need("xrootd", "xrdcp")
    folder.chmod(0o755)
    port, own = free_port(), folder / "own"
    for name in ("data", "admin", "own"):
        (folder / name).mkdir()
    text = PLAIN + (HTTP if http else SECURE if pki else "") + (TLS if pki and http else "")
    if pki:
        for name in ("hostcert.pem", "hostkey.pem"):
            shutil.copy(pki / name, own / name)
    config = folder / "xrootd.cfg"
    config.write_text(text.format(root=folder, port=port, http=http, pki=pki, own=own))
    give_away(folder / "data", folder / "admin", own)
    with running("xrootd", "-c", str(config), log=folder / "log", HOME=str(folder)):
        wait_until(lambda: answers(http or port), "xrootd")
        yield port

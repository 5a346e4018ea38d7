"""davix-get, -put and -rm against a real WebDAV server (xrootd's), and ours against a door."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.fakesites.tools.real.bench import BIG
from tests.fakesites.tools.real.bench import Bench
from tests.fakesites.tools.real.bench import Case
from tests.fakesites.tools.real.bench import Door
from tests.fakesites.tools.real.bench import without
from tests.fakesites.tools.real.pki import write_pki
from tests.fakesites.tools.real.servers import free_port
from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import scratch
from tests.fakesites.tools.real.xrootd import xrootd

pytestmark = pytest.mark.programs
DATA = b"data\n"
GET, PUT = "davix-get -P grid", "davix-put -P grid"
usage = without(r"Usage :.*")
# Whether the client hears the alert before the server hangs up is a matter of luck.
ALERT = r"SSL error: sslv3 alert certificate expired|Connection reset by peer"
alert = without(rf"Could not [\w ]*: ({ALERT})")

CASES = [
    Case("a download", f"{GET} DOOR/f HERE/x", {"f": DATA}),
    Case("a large one", f"{GET} DOOR/f HERE/x", {"f": BIG}),
    Case("with a credential named", "davix-get -k -E PROXY DOOR/f HERE/x", {"f": DATA}),
    Case("to standard output", f"{GET} DOOR/f", {"f": DATA}),
    Case("an upload", f"{PUT} HERE/f DOOR/x", local={"f": DATA}),
    Case("over what is there", f"{PUT} HERE/f DOOR/x", {"x": b"old old"}, {"f": DATA}),
    Case("over what is here", f"{GET} DOOR/f HERE/x", {"f": DATA}, {"x": b"old"}),
    Case("a removal", "davix-rm -P grid DOOR/f", {"f": DATA}),
    Case("no such file", f"{GET} DOOR/none HERE/x", leaves=False),
    Case("no such file, tried once", f"{GET} --retry 1 DOOR/none HERE/x", leaves=False),
    Case("no such file to show", f"{GET} DOOR/none"),
    Case("no such file here", f"{PUT} none DOOR/x"),
    Case("no such folder here", f"{GET} DOOR/f HERE/d/x", {"f": DATA}),
    Case("no such file to remove", "davix-rm -P grid DOOR/none"),
    Case("no such file to list", "davix-ls -P grid DOOR/none"),
    Case(
        "nobody may read it",
        f"{GET} DOOR/f HERE/x",
        {"f": DATA},
        refused=("f",),
        leaves=False,
    ),
    Case("nobody may write", f"{PUT} HERE/f DOOR/x", {}, {"f": DATA}, closed=True),
    Case("a folder", f"{PUT} d DOOR/x", local={"d": None}),
    Case("nobody listens", f"{GET} DEAD/f HERE/x", leaves=False),
    Case("nobody listens, up", f"{PUT} HERE/f DEAD/x", local={"f": DATA}),
    Case("no such host", f"{GET} LOST/f HERE/x", leaves=False),
    Case("no such host, up", f"{PUT} HERE/f LOST/x", local={"f": DATA}),
    Case("it says nothing", f"{GET} --timeout 2 DEAF/f HERE/x", leaves=False),
    Case("a server nobody trusts", "davix-get DOOR/f HERE/x", {"f": DATA}, leaves=False),
    Case("nor for an upload", "davix-put HERE/f DOOR/x", {}, {"f": DATA}),
    Case(
        "an expired proxy",
        f"{GET} DOOR/f HERE/x",
        {"f": DATA},
        proxy="expired",
        cut=alert,
        leaves=False,
    ),
    Case(
        "an expired proxy, up", f"{PUT} HERE/f DOOR/x", {}, {"f": DATA}, proxy="expired", cut=alert
    ),
    Case("no URL", f"{GET} nonsense HERE/x", leaves=False),
    Case("nothing at all", "davix-get"),
    Case("no target", "davix-put a"),
    Case("a wrong option", "davix-get --nonsense", cut=usage),
]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    need("davix-get")
    http = free_port()
    with scratch("davix") as folder, xrootd(folder, pki=write_pki(folder), http=http):
        ours = {"doors": [{"protocol": "davs", "port": 443}]}
        door = Door("davs", http, folder / "data", slash="", ours=ours)
        made = Bench(folder, door, {"X509_CERT_DIR": f"{folder}/pki/certificates"})
        yield made
        made.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_davix_says_the_same(bench: Bench, case: Case) -> None:
    bench.compare(case)

"""globus-url-copy against a real GridFTP server, and ours against a door."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.fakesites.tools.real.bench import BIG
from tests.fakesites.tools.real.bench import Bench
from tests.fakesites.tools.real.bench import Case
from tests.fakesites.tools.real.bench import Door
from tests.fakesites.tools.real.gridftp import gridftp
from tests.fakesites.tools.real.pki import write_pki
from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import scratch

pytestmark = pytest.mark.programs
DATA = b"data\n"
COPY = "globus-url-copy"

CASES = [
    Case("a download", f"{COPY} DOOR/f file://HERE/x", {"f": DATA}),
    Case("a large one", f"{COPY} -p 4 -tcp-bs 1000000 DOOR/f file://HERE/x", {"f": BIG}),
    Case("told what goes where", f"{COPY} -vb DOOR/f file://HERE/x", {"f": DATA}),
    Case("an upload", f"{COPY} file://HERE/f DOOR/x", local={"f": DATA}),
    Case("over what is here", f"{COPY} DOOR/f file://HERE/x", {"f": DATA}, {"x": b"old old"}),
    Case("over what is there", f"{COPY} file://HERE/f DOOR/x", {"x": b"old old"}, {"f": DATA}),
    Case("into a new folder", f"{COPY} -cd DOOR/f file://HERE/d/x", {"f": DATA}),
    Case("no such file", f"{COPY} DOOR/none file://HERE/x", leaves=False),
    Case("no such file here", f"{COPY} file://HERE/none DOOR/x", leaves=False),
    Case("no such folder here", f"{COPY} DOOR/f file://HERE/d/x", {"f": DATA}),
    Case("nobody may read", f"{COPY} DOOR/f file://HERE/x", {"f": DATA}, {}, ("f",), leaves=False),
    Case("nobody may write", f"{COPY} file://HERE/f DOOR/x", {}, {"f": DATA}, closed=True),
    Case("a folder", f"{COPY} file://HERE/d DOOR/x", local={"d": None}, leaves=False),
    Case(
        "storage is full",
        f"{COPY} file://HERE/f DOOR/x",
        {},
        {"f": BIG},
        full="there",
        leaves=False,
    ),
    Case("the disk is full", f"{COPY} DOOR/f file://HERE/x", {"f": BIG}, full="here", leaves=False),
    Case("nobody listens", f"{COPY} DEAD/f file://HERE/x", leaves=False),
    Case("nobody listens, up", f"{COPY} file://HERE/f DEAD/x", local={"f": DATA}),
    Case("no such host", f"{COPY} LOST/f file://HERE/x", leaves=False),
    Case("it hangs up", f"{COPY} BROKEN/f file://HERE/x", leaves=False),
    Case("it says nothing", f"{COPY} -stall-timeout 3 DEAF/f file://HERE/x", leaves=False),
    Case(
        "an expired proxy",
        f"{COPY} DOOR/f file://HERE/x",
        {"f": DATA},
        proxy="expired",
        leaves=False,
    ),
    Case("no proxy", f"{COPY} DOOR/f file://HERE/x", {"f": DATA}, proxy="none", leaves=False),
    Case("another scheme", f"{COPY} nonsense://x/y file://HERE/x"),
    Case("nothing at all", COPY),
    Case("no target", f"{COPY} a"),
    Case("two dashes", f"{COPY} --nonsense a b"),
    Case("an unknown option", f"{COPY} -nonsense a b"),
    Case("no number", f"{COPY} -p x DOOR/f file://HERE/x"),
    Case("the version", f"{COPY} -version"),
]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    need(COPY)
    with scratch("gridftp") as folder:
        pki = write_pki(folder)
        ours = {"doors": [{"protocol": "gsiftp", "port": 2811}], "software": "globus"}
        with gridftp(folder, pki) as port:
            door = Door("gsiftp", port, folder / "data", slash="", served_as=str(folder), ours=ours)
            made = Bench(folder, door, {"X509_CERT_DIR": f"{pki}/certificates"})
            yield made
            made.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_globus_url_copy_says_the_same(bench: Bench, case: Case) -> None:
    bench.compare(case)

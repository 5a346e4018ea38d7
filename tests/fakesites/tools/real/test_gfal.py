"""gfal-copy, gfal-sum, gfal-stat and gfal-rm through xroot, http and gsiftp doors."""

from __future__ import annotations

import contextlib
import subprocess
from typing import Iterator

import pytest

from tests.fakesites.tools.real.bench import BIG
from tests.fakesites.tools.real.bench import Bench
from tests.fakesites.tools.real.bench import Case
from tests.fakesites.tools.real.bench import Door
from tests.fakesites.tools.real.bench import without
from tests.fakesites.tools.real.gridftp import gridftp
from tests.fakesites.tools.real.pki import write_pki
from tests.fakesites.tools.real.servers import free_port
from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import scratch
from tests.fakesites.tools.real.test_davix import alert
from tests.fakesites.tools.real.test_xrootd import HASTE
from tests.fakesites.tools.real.xrootd import xrootd

pytestmark = pytest.mark.programs
DATA = b"data\n"
PYTHON = "/usr/bin/python3"
usage = without(r"usage:.*?\n(?=gfal-\w+: error)")
times = without(r"(Access|Modify|Change): [\d(].*")
COPY = "gfal-copy -f -t 20"
HERE = "file://HERE"

EVERYWHERE = [
    Case("a download", f"{COPY} DOOR/f {HERE}/x", {"f": DATA}),
    Case("a large one", f"{COPY} DOOR/f {HERE}/x", {"f": BIG}),
    Case("an upload", f"{COPY} {HERE}/f DOOR/x", local={"f": DATA}),
    Case("the right checksum", f"{COPY} -K adler32:05a501a5 DOOR/f {HERE}/x", {"f": DATA}),
    Case("the wrong one", f"{COPY} -K adler32:00000001 DOOR/f {HERE}/x", {"f": DATA}, leaves=False),
    Case(
        "the wrong one, up",
        f"{COPY} -K adler32:00000001 {HERE}/f DOOR/x",
        {},
        {"f": DATA},
        leaves=False,
    ),
    Case("it is here already", f"gfal-copy DOOR/f {HERE}/x", {"f": DATA}, {"x": b"old"}),
    Case("it is there already", f"gfal-copy {HERE}/f DOOR/x", {"x": b"old"}, {"f": DATA}),
    Case("over what is there", f"{COPY} {HERE}/f DOOR/x", {"x": b"old"}, {"f": DATA}),
    Case("no such file", f"{COPY} DOOR/none {HERE}/x"),
    Case("no such file here", f"{COPY} {HERE}/none DOOR/x"),
    Case(
        "nobody may read it", f"{COPY} DOOR/f {HERE}/x", {"f": DATA}, refused=("f",), leaves=False
    ),
    Case("nobody listens", f"{COPY} DEAD/f {HERE}/x"),
    Case("nobody listens, up", f"{COPY} {HERE}/f DEAD/x", local={"f": DATA}),
    Case("no such host", f"{COPY} LOST/f {HERE}/x"),
    Case("no such host, up", f"{COPY} {HERE}/f LOST/x", local={"f": DATA}),
    Case("another scheme", f"{COPY} nonsense://x/y {HERE}/x"),
    Case("a sum", "gfal-sum DOOR/f adler32", {"f": DATA}),
    Case("a sum in capitals", "gfal-sum DOOR/f ADLER32", {"f": DATA}),
    Case("a sum of what is not there", "gfal-sum DOOR/none adler32"),
    Case("a look", "gfal-stat DOOR/f", {"f": DATA}, cut=times),
    Case("a look at nothing", "gfal-stat DOOR/none"),
    Case("a removal", "gfal-rm DOOR/f", {"f": DATA}),
    Case("a removal of nothing", "gfal-rm DOOR/none"),
    Case("a listing", "gfal-ls DOOR/f", {"f": DATA}),
    Case("a listing of nothing", "gfal-ls DOOR/none"),
]
BY_XROOT = [
    Case("nobody may write", f"{COPY} {HERE}/f DOOR/x", {}, {"f": DATA}, closed=True, leaves=False),
    Case("storage is full", f"{COPY} {HERE}/f DOOR/x", {}, {"f": BIG}, full="there", leaves=False),
    Case("a new folder here", f"{COPY} DOOR/f {HERE}/d/x", {"f": DATA}),
    Case("it says nothing", f"gfal-copy -t 2 -f DEAF/f {HERE}/x"),
    Case("a wrong kind of sum", "gfal-sum DOOR/f md5", {"f": DATA}),
    Case("nothing at all", "gfal-copy", cut=usage),
    Case("a wrong option", "gfal-copy --nonsense a b", cut=usage),
    Case("a sum of nothing", "gfal-sum", cut=usage),
    Case("a sum of no kind", "gfal-sum a", cut=usage),
    Case("a look at no name", "gfal-stat", cut=usage),
    Case("no name to remove", "gfal-rm"),
    Case("the version", "gfal-copy --version"),
]
BY_HTTP = [
    Case("an expired proxy", f"{COPY} DOOR/f {HERE}/x", {"f": DATA}, proxy="expired", cut=alert),
    Case("it says nothing", f"gfal-copy -t 2 -f DEAF/f {HERE}/x"),
    Case("no such folder here", f"{COPY} DOOR/f {HERE}/d/x", {"f": DATA}),
    Case("a wrong kind of sum", "gfal-sum DOOR/f md5", {"f": DATA}),
]
BY_GRIDFTP = [
    Case("no proxy", f"{COPY} DOOR/f {HERE}/x", {"f": DATA}, proxy="none"),
    Case("nobody may write", f"{COPY} {HERE}/f DOOR/x", {}, {"f": DATA}, closed=True, leaves=False),
]


@pytest.fixture(autouse=True)
def _installed() -> None:
    need("gfal-copy")
    words = [PYTHON, "-c", "import gfal2_util"]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("gfal2_util is not installed; `tox -e real-tools` installs it")


def made(door: Door, folder: object, **env: str) -> Iterator[Bench]:
    bench = Bench(folder, door, {**HASTE, "GFAL_PYTHONBIN": PYTHON, **env})  # type: ignore[arg-type]
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def xroot() -> Iterator[Bench]:
    with scratch("gfal") as folder, xrootd(folder) as port:
        write_pki(folder)
        ours = {"doors": [{"protocol": "root", "port": 1094, "credential": False}]}
        yield from made(Door("root", port, folder / "data", ours=ours), folder)


@pytest.fixture(scope="module")
def dav() -> Iterator[Bench]:
    http = free_port()
    with scratch("dav") as folder, xrootd(folder, pki=write_pki(folder), http=http):
        ours = {"doors": [{"protocol": "davs", "port": 443}]}
        door = Door("davs", http, folder / "data", slash="", ours=ours)
        yield from made(door, folder, X509_CERT_DIR=f"{folder}/pki/certificates")


@pytest.fixture(scope="module")
def gsiftp() -> Iterator[Bench]:
    with scratch("gsiftp") as folder, gridftp(folder, write_pki(folder)) as port:
        ours = {"doors": [{"protocol": "gsiftp", "port": 2811}], "software": "globus"}
        door = Door("gsiftp", port, folder / "data", slash="", served_as=str(folder), ours=ours)
        yield from made(door, folder, X509_CERT_DIR=f"{folder}/pki/certificates")


def name_of(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", EVERYWHERE + BY_XROOT, ids=name_of)
def test_both_say_the_same_by_xroot(xroot: Bench, case: Case) -> None:
    xroot.compare(case)


@pytest.mark.parametrize("case", EVERYWHERE + BY_HTTP, ids=name_of)
def test_both_say_the_same_by_http(dav: Bench, case: Case) -> None:
    dav.compare(case)


@pytest.mark.parametrize("case", EVERYWHERE + BY_GRIDFTP, ids=name_of)
def test_both_say_the_same_by_gridftp(gsiftp: Bench, case: Case) -> None:
    # This plug-in of the real one aborts ("invalid pointer") about once in a hundred calls.
    with contextlib.suppress(AssertionError):
        gsiftp.compare(case)
        return
    gsiftp.compare(case)

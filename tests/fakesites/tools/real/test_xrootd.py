"""xrdcp against a real xrootd server, and ours against a door: see fakesites/fidelity."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from tests.fakesites.tools.real.bench import BIG
from tests.fakesites.tools.real.bench import Bench
from tests.fakesites.tools.real.bench import Case
from tests.fakesites.tools.real.bench import Door
from tests.fakesites.tools.real.bench import without
from tests.fakesites.tools.real.pki import write_pki
from tests.fakesites.tools.real.servers import scratch
from tests.fakesites.tools.real.xrootd import xrootd

pytestmark = pytest.mark.programs
# The client's patience, which is two minutes and more by default.
HASTE = {
    "XRD_CONNECTIONWINDOW": "2",
    "XRD_CONNECTIONRETRY": "1",
    "XRD_STREAMERRORWINDOW": "2",
    "XRD_REQUESTTIMEOUT": "4",
    "XRD_TIMEOUTRESOLUTION": "1",
}
DATA = b"data\n"
PRINT = "xrdcp -np -f --cksum adler32:print"
help_page = without(r"\nNote: using a dash.*")
plugin_lines = without(r"\d{6} [\d:]{8} \d+ [^\n]*\n")

CASES = [
    Case("a download", "xrdcp -np -f DOOR/f HERE/x", {"f": DATA}),
    Case("a download, checksum printed", f"{PRINT} DOOR/f HERE/x", {"f": BIG}),
    Case("a checksum with a zero in front", f"{PRINT} DOOR/f HERE/x", {"f": DATA}),
    Case("a download, checksum of the source", "xrdcp -C adler32:source DOOR/f x", {"f": DATA}),
    Case("an upload, checksum printed", f"{PRINT} f DOOR/x", local={"f": DATA}),
    Case("an upload, checksum of the source", "xrdcp -C adler32:source f DOOR/x", {}, {"f": BIG}),
    Case("from door to door", "xrdcp -np DOOR/f DOOR/g", {"f": DATA}),
    Case("into a folder", "xrdcp -np DOOR/f HERE", {"f": DATA}),
    Case("into a new folder", "xrdcp -np DOOR/f HERE/d/x", {"f": DATA}),
    Case("no bar without a terminal", "xrdcp DOOR/f x", {"f": BIG}),
    Case("silent, checksum printed", "xrdcp -s --cksum adler32:print DOOR/f x", {"f": DATA}),
    Case("an empty file", f"{PRINT} DOOR/f x", {"f": b""}),
    Case("the right checksum", "xrdcp -np -C adler32:05a501a5 DOOR/f x", {"f": DATA}),
    Case("the wrong checksum", "xrdcp -np -C adler32:00000001 DOOR/f x", {"f": DATA}),
    Case("the wrong checksum, up", "xrdcp -np -C adler32:00000001 f DOOR/x", local={"f": DATA}),
    Case("no such file", f"{PRINT} DOOR/none x"),
    Case("no such file here", f"{PRINT} none DOOR/x"),
    Case("nobody may read it", f"{PRINT} DOOR/f x", {"f": DATA}, refused=("f",)),
    Case("nobody may write there", f"{PRINT} f DOOR/x", local={"f": DATA}, closed=True),
    Case("it is here already", "xrdcp -np DOOR/f x", {"f": DATA}, {"x": b"old"}),
    Case("it is there already", "xrdcp -np f DOOR/x", {"x": b"old"}, {"f": DATA}),
    Case("over what is there", f"{PRINT} f DOOR/x", {"x": b"old"}, {"f": DATA}),
    Case("storage is full", f"{PRINT} f DOOR/x", local={"f": BIG}, full="there", leaves=False),
    Case("the disk is full", f"{PRINT} DOOR/f x", {"f": 10 * BIG}, full="here", leaves=False),
    Case("nobody listens", f"{PRINT} DEAD/f x"),
    Case("nobody listens, up", f"{PRINT} f DEAD/x", local={"f": DATA}),
    Case("no such host", f"{PRINT} LOST/f x"),
    Case("no such host, up", f"{PRINT} f LOST/x", local={"f": DATA}),
    Case("it hangs up", f"{PRINT} BROKEN/f x"),
    Case("a folder is no source", f"{PRINT} d DOOR/x", local={"d": None}),
    Case("nothing at all", "xrdcp -np"),
    Case("no target", "xrdcp -np a"),
    Case("a wrong option", "xrdcp --nonsense a b"),
    Case("an option without its value", "xrdcp --cksum"),
    Case("a checksum that is none", "xrdcp -C adler32:1 DOOR/f x"),
    Case("a kind that is none", "xrdcp -C nonsense:print DOOR/f x", cut=plugin_lines),
    Case("the version", "xrdcp --version"),
    Case("the help", "xrdcp -h", cut=help_page),
]
SECURE = [
    Case("a fresh proxy", f"{PRINT} DOOR/f x", {"f": DATA}),
    Case("an expired proxy", f"{PRINT} DOOR/f x", {"f": DATA}, proxy="expired"),
    Case("no proxy", f"{PRINT} DOOR/f x", {"f": DATA}, proxy="none"),
    Case("no proxy, up", f"{PRINT} f DOOR/x", local={"f": DATA}, proxy="none"),
]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with scratch("xrootd") as folder, xrootd(folder) as port:
        write_pki(folder)
        yield from _bench(folder, port)


@pytest.fixture(scope="module")
def secure() -> Iterator[Bench]:
    with scratch("gsi") as folder, xrootd(folder, pki=write_pki(folder)) as port:
        pki = folder / "pki"
        yield from _bench(folder, port, X509_CERT_DIR=f"{pki}/certificates")


def _bench(folder: Path, port: int, **env: str) -> Iterator[Bench]:
    ours = {"doors": [{"protocol": "root", "port": 1094, "credential": bool(env)}]}
    # Whoever has to show a credential takes longer, and is not made to wait for nobody.
    patience = {} if env else HASTE
    made = Bench(folder, Door("root", port, folder / "data", ours=ours), {**patience, **env})
    yield made
    made.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_xrdcp_says_the_same(bench: Bench, case: Case) -> None:
    bench.compare(case)


@pytest.mark.parametrize("case", SECURE, ids=lambda case: case.name)
def test_xrdcp_says_the_same_of_credentials(secure: Bench, case: Case) -> None:
    secure.compare(case)


def test_a_disk_that_runs_full_under_a_small_file_is_not_noticed(bench: Bench) -> None:
    """What ours does not do, see the page: the real one says yes, and the file is cut."""
    case = Case("small", f"{PRINT} DOOR/f x", {"f": BIG}, full="here")
    real = bench.real(case)
    assert (real.said.code, real.here["x"] < len(BIG)) == (0, True)

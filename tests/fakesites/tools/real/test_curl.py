"""curl at a real WebDAV door (xrootd's), and ours at a door of ours."""

from __future__ import annotations

from typing import Iterator

import pytest

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
CURL = "curl -sS"
instants = without(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT")
# RHEL's 7.76 says it in other words, or does not say how long it took.
words = without(r"(?<=curl: \(\d\) ).*|(?<=curl: \(\d\d\) ).*")
# A simulated answer has no words beside its status.
first = without(r"(?<=HTTP/1.1 200).*")

CASES = [
    Case("a download", f"{CURL} -o x DOOR/f", {"f": DATA}),
    Case("to standard output", f"{CURL} DOOR/f", {"f": DATA}),
    Case("an upload", f"{CURL} -T f DOOR/x", local={"f": DATA}),
    Case("an upload, its status", f"{CURL} -w %{{http_code}} -o out -T f DOOR/x", {}, {"f": DATA}),
    Case("over what is there", f"{CURL} -T f DOOR/x", {"x": b"old old"}, {"f": DATA}),
    Case("a look", f"{CURL} -X PROPFIND DOOR/f", {"f": DATA}, cut=instants),
    Case("a look at nothing", f"{CURL} -X PROPFIND DOOR/none"),
    Case("a removal", f"{CURL} -X DELETE DOOR/f", {"f": DATA}),
    Case("a removal of nothing", f"{CURL} -X DELETE DOOR/none"),
    Case("a folder is made", f"{CURL} -X MKCOL DOOR/d"),
    Case("the head", f"{CURL} -I DOOR/f", {"f": DATA}, cut=first),
    Case("no such file", f"{CURL} DOOR/none"),
    Case("no such file is a failure", f"{CURL} -f DOOR/none"),
    Case("no such file here", f"{CURL} -T none DOOR/x"),
    Case("nobody may read it", f"{CURL} DOOR/f", {"f": DATA}, refused=("f",)),
    Case("nobody may write", f"{CURL} -T f DOOR/x", {}, {"f": DATA}, closed=True),
    Case("nor is it a success", f"{CURL} -f -T f DOOR/x", {}, {"f": DATA}, closed=True),
    Case("nobody listens", f"{CURL} -T f DEAD/x", local={"f": DATA}, cut=words),
    Case("no such host", f"{CURL} -T f LOST/x", local={"f": DATA}),
    Case("it hangs up", f"{CURL} BROKEN/x", cut=words),
    Case("it says nothing", f"{CURL} -m 2 DEAF/x", cut=words),
]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    need("curl")
    http = free_port()
    with scratch("curl") as folder, xrootd(folder, http=http):
        write_pki(folder)
        ours = {"doors": [{"protocol": "davs", "port": 443, "credential": False}]}
        made = Bench(folder, Door("http", http, folder / "data", slash="", ours=ours))
        yield made
        made.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_curl_says_the_same(bench: Bench, case: Case) -> None:
    bench.compare(case)

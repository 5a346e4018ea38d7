"""dccp against a small door in Python, and ours against a door of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator

import pytest

from tests.fakesites.tools.real.bench import BIG
from tests.fakesites.tools.real.bench import Bench
from tests.fakesites.tools.real.bench import Case
from tests.fakesites.tools.real.bench import Door
from tests.fakesites.tools.real.bench import without
from tests.fakesites.tools.real.dcap import DcapDoor
from tests.fakesites.tools.real.pki import write_pki
from tests.fakesites.tools.real.servers import need
from tests.fakesites.tools.real.servers import scratch

pytestmark = pytest.mark.programs
DATA = b"data\n"
options = without(r"\n\n\t-A .*")
seconds = without(r"(?<= in )\d+ seconds.*")

CASES = [
    Case("a download", "dccp DOOR/f HERE/x", {"f": DATA}),
    Case("a download, active", "dccp -A DOOR/f HERE/x", {"f": DATA}),
    Case("a large one", "dccp -A DOOR/f HERE/x", {"f": BIG}),
    Case("an upload", "dccp HERE/f DOOR/x", local={"f": DATA}),
    Case("an upload, active", "dccp -A HERE/f DOOR/x", local={"f": BIG}),
    Case("within the node", "dccp HERE/f HERE/x", local={"f": DATA}),
    Case("no such file", "dccp -A DOOR/none HERE/x", leaves=False),
    Case("no such file here", "dccp HERE/none DOOR/x"),
    Case("nobody may read it", "dccp -A DOOR/f HERE/x", {"f": DATA}, refused=("f",), leaves=False),
    Case("nobody may write", "dccp -A HERE/f DOOR/x", {}, {"f": DATA}, closed=True),
    Case("no such folder here", "dccp -A DOOR/f HERE/d/x", {"f": DATA}),
    Case("nobody listens", "dccp -A DEAD/f HERE/x"),
    Case("nobody listens, up", "dccp -A HERE/f DEAD/x", local={"f": DATA}),
    Case("no such host", "dccp -A LOST/f HERE/x"),
    Case("no such host, up", "dccp -A HERE/f LOST/x", local={"f": DATA}),
    Case("it is there already", "dccp -i HERE/f DOOR/x", {"x": b"old"}, {"f": DATA}),
    Case("the disk is full", "dccp -A DOOR/f HERE/x", {"f": BIG}, full="here", leaves=False),
    Case("nothing at all", "dccp", cut=options),
    Case("no target", "dccp a", cut=options),
    Case("a wrong option", "dccp -Z a b", cut=options),
]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    need("dccp")
    with scratch("dcap") as folder:
        (folder / "data").mkdir()
        write_pki(folder)
        server = DcapDoor(folder / "data")
        ours = {"doors": [{"protocol": "dcap", "port": 22125}], "software": "dcache"}
        made = Bench(folder, Door("dcap", server.port, folder / "data", slash="", ours=ours))
        yield made
        made.close()
        server.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_dccp_says_the_same(bench: Bench, case: Case) -> None:
    bench.compare(case if case.cut is not str else replace(case, cut=seconds))

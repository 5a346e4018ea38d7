"""What lies on storage is explained by the journal, whatever goes wrong."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Any

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites.ledger import Ledger
from fakesites.ledger import ledger_of
from fakesites.replicas import list_replicas
from fakesites.running import Running
from fakesites.turls import rucio_path
from harness.faults import install_faults
from harness.scenario import FaultPlan
from harness.triggers import Trigger
from simkernel import Event
from simkernel import read_journal
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

NAMES = ("a.root", "b.root", "c.root")
ELEMENTS = ("BNL_DATADISK", "BNL_SCRATCHDISK")
LIMIT_S = 40_000.0


@dataclass(frozen=True)
class Deed:
    """One copy: with *tool*, in or out, begun at *at*, killed after *kill* seconds (0: never)."""

    tool: str
    out: bool
    name: str
    element: str
    size: int
    at: int
    kill: int
    mark: int


deeds = st.builds(
    Deed,
    tool=st.sampled_from(["xrdcp", "dccp", "gfal-copy"]),
    out=st.booleans(),
    name=st.sampled_from(NAMES),
    element=st.sampled_from(ELEMENTS),
    size=st.sampled_from([0, 1, 10**6, 5 * 10**9, 10**11]),
    at=st.integers(0, 100),
    kill=st.sampled_from([0, 0, 1, 3, 70]),
    mark=st.integers(0, 255),
)
FAULTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("door.*", "error", {"kind": "unavailable"}),
    ("door.*", "error", {"kind": "space"}),
    ("door.*", "corrupt", {}),
    ("door.*", "truncate", {"fraction": 0.5}),
    ("door.*", "truncate", {"fraction": 0.0}),
    ("door.*", "delay", {"delay_s": 30.0}),
    ("door.*", "hang", {}),
    ("tool.*", "exit", {"code": 1}),
    ("tool.*", "corrupt", {}),
    ("tool.*", "truncate", {}),
    ("tool.*", "lie", {}),
    ("tool.*", "partial", {"fraction": 0.5, "code": 1}),
    ("tool.*", "slow", {"factor": 4.0}),
    ("tool.*", "hang", {}),
    ("net.*", "reset", {}),
    ("net.*", "refuse", {}),
)
# After these what passed a door is not what the copy was told.
SPOILING = {"corrupt", "truncate", "lie", "partial"}
plans = st.lists(
    st.builds(
        lambda fault, at: FaultPlan(fault[0], fault[1], at, dict(fault[2])),
        st.sampled_from(FAULTS),
        st.one_of(
            st.builds(lambda n: Trigger(call=n), st.integers(1, 6)),
            st.builds(lambda n: Trigger(every=n), st.integers(1, 3)),
        ),
    ),
    max_size=3,
)


def argv_of(world: SiteWorld, deed: Deed, number: int) -> tuple[str, ...]:
    element = world.element(deed.element)
    path = f"{element.root}/{rucio_path('mc', deed.name)}"
    local = f"/srv/work/{number}-{deed.name}"
    protocol = "dcap" if deed.tool == "dccp" else "root"
    ends = [local, element.turl(path, protocol)]
    if deed.out:
        world.put_file(local, some_content(deed.size, bytes([deed.mark])))
    else:
        ends.reverse()
    options = {"xrdcp": ("-np", "-f"), "dccp": (), "gfal-copy": ("-f",)}[deed.tool]
    return (deed.tool, *options, *ends)


def play(world: SiteWorld, script: list[Deed]) -> None:
    """Let everything happen that *script* says, and then all that follows from it."""

    def one(deed: Deed, number: int) -> Any:
        yield world.clock.timeout(deed.at)
        running: Running = world.spawn(*argv_of(world, deed, number))
        if deed.kill:
            yield world.clock.timeout(deed.kill)
            world.node.processes.signal(running.pid, SIGKILL, by="pilot-1")

    for number, deed in enumerate(script):
        world.clock.process(one(deed, number))
    world.clock.run(until=LIMIT_S)


def explained(world: SiteWorld, ledger: Ledger) -> None:
    """Compare the world's storage, catalogue and accounts with the books."""
    assert ledger.puzzles == []
    for element in world.site.storages:
        account = ledger.account(element.name)
        held = {each.path: each for each in element.files()}
        assert {path: (each.size, each.adler32, each.whole) for path, each in account.files.items()
                } == {path: (each.content.size, each.content.adler32, each.whole)
                      for path, each in held.items()}  # fmt: skip
        spec = world.site.spec.storage(element.name)
        assert element.volume.used == spec.used + account.used
        assert element.volume.transfers == 0
        assert account.written == account.used + account.deleted
    for name in NAMES:
        (record,) = list_replicas(world.site.storages, [{"scope": "mc", "name": name}])
        expect = [
            element.name
            for element in world.site.storages
            if f"{element.root}/{rucio_path('mc', name)}"
            in ledger.account(element.name).registered()
        ]
        assert expect == sorted(record["rses"])


def moved(events: list[Event], ledger: Ledger) -> int:
    """Return what passed the doors less what copies say that they moved."""
    passed = sum(each.read + each.written for each in ledger.accounts.values())
    placed = sum(
        event["bytes"]
        for event in events
        if event.what == "storage.write" and event["by"] == "test"
    )
    told = sum(event["bytes"] for event in events if event.what == "transfer.end")
    return passed - placed - told


@settings(max_examples=40, deadline=None)
@given(script=st.lists(deeds, min_size=1, max_size=6), drawn=plans)
def test_storage_catalogue_and_accounts_are_explained_by_the_journal(
    script: list[Deed], drawn: list[FaultPlan]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with (root / "events.jsonl").open("w", encoding="utf-8") as stream:
            world = make_world(root / "wn")
            world.journal._stream = stream
            world.journal.open({"scenario": "drawn"})
            install_faults(world, drawn)  # type: ignore[arg-type]
            for name in NAMES[:2]:
                world.store(rucio_path("mc", name), some_content(10**9))
            play(world, script)
        _, events = read_journal(root / "events.jsonl")
        ledger = ledger_of(events)
        explained(world, ledger)
        if not SPOILING & {plan.do for plan in drawn}:
            assert moved(events, ledger) == 0

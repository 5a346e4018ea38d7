"""Storage elements: namespace, space, time, doors, faults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Generator

import pytest
import simpy
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites.contents import FileContent
from fakesites.contents import content_of
from fakesites.recipes import fqans_of
from fakesites.storage import Door
from fakesites.storage import DoorCall
from fakesites.storage import StorageElement
from fakesites.storage import StorageError
from fakesites.storage import Storages
from fakesites.storage import StoredFile
from fakesites.storage import Volume
from simkernel import Clock
from simkernel import Journal
from simkernel import Points
from simkernel import Streams
from tests.fakesites.site_world import EPOCH
from tests.fakesites.site_world import proxy

ROOT = "/pnfs/sim/rucio"
FILE = f"{ROOT}/a/b"
MB = 10**6
Work = Generator[simpy.Event, Any, Any]


class Yard:
    """One element in a world of its own."""

    def __init__(
        self, *, total: int = 1000 * MB, doors: tuple[Door, ...] = (), **options: Any
    ) -> None:
        self.clock = Clock(epoch=EPOCH)
        self.journal = Journal(lambda: self.clock.now)
        self.points = Points()
        self.element = StorageElement(
            "SIM_DATADISK",
            host="se.sim",
            doors=doors or (Door("root", 1094), Door("dcap", 22125, credential=False)),
            root=ROOT,
            volume=Volume(total, bandwidth=10 * MB),
            clock=self.clock,
            journal=self.journal,
            points=self.points,
            vo="atlas",
            **options,
        )

    def call(self, action: str, path: str = FILE, **fields: Any) -> DoorCall:
        return DoorCall(action, "", path, by="pilot-1", protocol="dcap", **fields)

    def start(self, call: DoorCall) -> simpy.Process:
        return self.clock.process(self.element.serve(call))

    def run(self, call: DoorCall) -> Any:
        return self.clock.run(until=self.start(call))

    def put(self, content: FileContent, path: str = FILE, **fields: Any) -> Any:
        return self.run(self.call("put", path, content=content, **fields))

    def events(self, what: str) -> list[dict[str, Any]]:
        return [dict(event.data) for event in self.journal.events if event.what == what]


def data(size: int, mark: bytes = b"x") -> FileContent:
    return content_of(mark[:size], size=size)


def refused(yard: Yard, call: DoorCall) -> str:
    with pytest.raises(StorageError) as caught:
        yard.run(call)
    return caught.value.kind


def test_what_is_put_can_be_got() -> None:
    yard = Yard()
    yard.put(data(50 * MB))
    assert data(50 * MB) == yard.run(yard.call("get")).content


def test_a_copy_takes_its_size_at_the_bandwidth() -> None:
    yard = Yard()
    yard.put(data(50 * MB))
    assert yard.clock.now == 5.0


def test_the_path_to_the_client_may_be_slower() -> None:
    yard = Yard()
    yard.put(data(50 * MB), limit=5.0 * MB)
    assert yard.clock.now == 10.0


def test_two_copies_at_once_share_the_bandwidth() -> None:
    yard = Yard()
    first = yard.start(yard.call("put", FILE, content=data(50 * MB)))
    second = yard.start(yard.call("put", f"{FILE}2", content=data(50 * MB)))
    yard.clock.run(until=first & second)
    assert yard.clock.now == 10.0


def test_a_copy_gets_faster_when_another_ends() -> None:
    yard = Yard()
    long = yard.start(yard.call("put", FILE, content=data(50 * MB)))
    short = yard.start(yard.call("put", f"{FILE}2", content=data(10 * MB)))
    yard.clock.run(until=short)
    assert yard.clock.now == 2.0
    yard.clock.run(until=long)
    assert yard.clock.now == 6.0


def test_copies_to_one_client_share_its_path() -> None:
    yard = Yard()
    path = yard.element.wires.link("wn1 se.sim", 5.0 * MB)
    first = yard.start(yard.call("put", FILE, content=data(5 * MB), path_link=path))
    second = yard.start(yard.call("put", f"{FILE}2", content=data(5 * MB), path_link=path))
    other = yard.start(yard.call("put", f"{FILE}3", content=data(15 * MB)))
    yard.clock.run(until=first & second)
    # Half of the element for the path, which the two halve again: a third each would not fit.
    assert (yard.clock.now, other.is_alive) == (2.0, True)
    yard.clock.run(until=other)
    assert yard.clock.now == 2.5


def test_a_door_lets_so_many_copies_run_and_the_others_wait_in_order() -> None:
    yard = Yard(doors=(Door("dcap", 22125, credential=False, movers=2),))
    ends: list[tuple[int, float]] = []

    def copy(number: int) -> Work:
        yield from yard.element.serve(
            yard.call("put", f"{FILE}{number}", content=data(10 * MB)),
        )
        ends.append((number, yard.clock.now))

    for number in range(5):
        yard.clock.process(copy(number))
    yard.clock.run(until=1.5)
    assert yard.element.volume.transfers == 2
    yard.clock.run()
    assert ends == [(0, 2.0), (1, 2.0), (2, 4.0), (3, 4.0), (4, 5.0)]


def test_a_copy_that_is_killed_in_the_queue_of_a_door_leaves_its_turn_to_others() -> None:
    yard = Yard(doors=(Door("dcap", 22125, credential=False, movers=1),))
    copies = [
        yard.start(yard.call("put", f"{FILE}{number}", content=data(10 * MB)))
        for number in range(3)
    ]
    copies[1].defused = True
    yard.clock.run(until=0.5)
    copies[1].interrupt(9)
    yard.clock.run(until=copies[2])
    assert (yard.clock.now, yard.element.volume.transfers) == (2.0, 0)
    assert [stored.whole for stored in yard.element.files()] == [True, False, True]


def test_a_long_copy_tells_how_far_it_is() -> None:
    told: list[int] = []
    yard = Yard(total=10**10)
    yard.put(data(1500 * MB), progress=told.append)
    assert told == [0, 600 * MB, 1200 * MB, 1500 * MB]


def test_writes_and_reads_and_deletions_are_journaled() -> None:
    yard = Yard()
    yard.put(data(10))
    yard.run(yard.call("get"))
    yard.run(yard.call("delete"))
    common = {"endpoint": "SIM_DATADISK", "path": FILE, "by": "pilot-1"}
    assert [{**common, "bytes": 10, "adler32": data(10).adler32}] == yard.events("storage.write")
    assert [{**common, "bytes": 10}] == yard.events("storage.read")
    assert [common] == yard.events("storage.delete")


def test_a_missing_file_is_missing_to_every_action() -> None:
    yard = Yard()
    kinds = [refused(yard, yard.call(action)) for action in ("stat", "get", "delete")]
    assert kinds == ["missing"] * 3


def test_a_file_that_does_not_fit_is_refused_and_leaves_nothing() -> None:
    yard = Yard(total=100)
    assert refused(yard, yard.call("put", content=data(101))) == "space"
    assert (yard.element.files(), yard.element.volume.used) == ([], 0)


def test_two_copies_cannot_both_take_the_last_bytes() -> None:
    yard = Yard(total=60 * MB)
    yard.start(yard.call("put", content=data(50 * MB)))
    yard.clock.run(until=1.0)
    assert refused(yard, yard.call("put", f"{FILE}2", content=data(50 * MB))) == "space"


def test_overwriting_gives_the_old_bytes_back() -> None:
    yard = Yard(total=100)
    yard.put(data(90))
    yard.put(data(80, b"y"))
    assert (yard.element.volume.used, len(yard.element.files())) == (80, 1)


def test_an_existing_file_is_kept_unless_it_may_be_overwritten() -> None:
    yard = Yard()
    yard.put(data(10))
    assert refused(yard, yard.call("put", content=data(20), overwrite=False)) == "exists"
    assert yard.element.files()[0].content.size == 10


def test_a_read_only_element_takes_nothing() -> None:
    yard = Yard()
    yard.element.readonly = True
    assert refused(yard, yard.call("put", content=data(1))) == "readonly"


def test_a_killed_put_leaves_a_partial_file() -> None:
    yard = Yard()
    copying = yard.start(yard.call("put", content=data(50 * MB)))
    copying.defused = True
    yard.clock.run(until=2.0)
    copying.interrupt(15)
    yard.clock.run(until=2.5)
    stored = yard.element.files()[0]
    assert (stored.content.size, stored.whole) == (20 * MB, False)
    assert yard.element.volume.used == 20 * MB


def test_a_closed_get_is_journaled_with_what_it_read() -> None:
    yard = Yard()
    yard.put(data(50 * MB))
    work = yard.element.serve(yard.call("get"))
    next(work)
    yard.clock.run(until=yard.clock.now + 1.0)
    work.close()
    assert yard.events("storage.read")[0]["bytes"] == 10 * MB
    assert yard.element.volume.transfers == 0


def test_a_new_file_may_stay_unseen_for_a_while() -> None:
    yard = Yard(visible_after_s=30.0)
    yard.put(data(10))
    assert yard.element.find(FILE) is None
    yard.clock.run(until=31.0)
    assert yard.element.find(FILE) is not None


def test_bit_rot_is_not_journaled() -> None:
    yard = Yard()
    yard.put(data(10))
    written = yard.journal.count
    yard.element.alter(FILE, data(10).corrupted())
    assert (written, data(10).corrupted()) == (yard.journal.count, yard.element.files()[0].content)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"lifetime_s": 0}, "the credential has expired"),
        ({"voms_lifetime_s": 0}, "the VOMS attributes have expired"),
        ({"vo": ""}, "not a member of VO atlas"),
    ],
)
def test_a_door_that_asks_for_a_credential_says_why_it_is_no_good(
    options: dict[str, Any], why: str
) -> None:
    yard = Yard()
    credential = proxy(Streams(1), now=EPOCH, **options)
    call = replace(yard.call("put", content=data(1)), protocol="root", credential=credential)
    with pytest.raises(StorageError) as caught:
        yard.run(call)
    assert ("denied", why) == (caught.value.kind, caught.value.text)


def test_without_a_proxy_the_door_stays_shut() -> None:
    yard = Yard()
    assert refused(yard, replace(yard.call("stat"), protocol="root")) == "denied"


def test_a_ca_has_to_be_trusted() -> None:
    yard = Yard(trusted=["/CN=another CA"])
    credential = proxy(Streams(1), now=EPOCH)
    call = replace(yard.call("stat"), protocol="root", credential=credential)
    assert refused(yard, call) == "denied"


def test_a_member_of_the_vo_comes_in() -> None:
    yard = Yard()
    credential = proxy(Streams(1), now=EPOCH)
    assert fqans_of("atlas", "production") == credential.fqans
    call = replace(yard.call("put", content=data(10)), protocol="root", credential=credential)
    assert yard.run(call).content.size == 10


def test_a_fault_at_the_door_may_change_what_comes_out() -> None:
    yard = Yard()
    yard.put(data(10))

    def corrupt(_call: DoorCall, proceed: Any) -> Work:
        found: StoredFile = yield from proceed()
        return replace(found, content=found.content.corrupted())

    yard.points.attach("door.SIM_DATADISK", corrupt)
    assert data(10).corrupted() == yard.run(yard.call("get")).content


def test_a_fault_at_the_door_may_change_what_goes_in() -> None:
    yard = Yard()

    def cut(call: DoorCall, proceed: Any) -> Work:
        assert call.content is not None
        call.content = call.content.truncated(3)
        return (yield from proceed())

    yard.points.attach("door.*", cut)
    yard.put(data(10))
    assert yard.element.files()[0].content.size == 3


many = st.lists(st.tuples(st.integers(1, 10**10), st.booleans()), min_size=500, max_size=500)


@settings(max_examples=8, deadline=None)
@given(many, st.integers(1, 60))
def test_500_copies_end_when_fair_sharing_says_and_lose_no_byte(
    copies: list[tuple[int, bool]], movers: int
) -> None:
    yard = Yard(total=10**14, doors=(Door("dcap", 22125, credential=False, movers=movers * 10),))
    most, put = 0, 0
    for number, (size, is_put) in enumerate(copies):
        if is_put:
            put += size
            yard.start(yard.call("put", f"{FILE}{number}", content=data(size)))
        else:
            yard.element.place(f"{FILE}{number}", data(size), by="test")
            yard.start(yard.call("get", f"{FILE}{number}"))
    while yard.clock.peek() < float("inf"):
        yard.clock.step()
        most = max(most, yard.element.volume.transfers)
    whole = sum(size for size, _ in copies)
    # With so many movers as there are copies, or fewer: the element is never idle before the end.
    assert yard.clock.now == pytest.approx(whole / (10 * MB), rel=1e-9)
    assert most == min(movers * 10, 500)
    written = sum(event["bytes"] for event in yard.events("storage.write"))
    read = sum(event["bytes"] for event in yard.events("storage.read"))
    registered = sum(stored.content.size for stored in yard.element.files() if stored.whole)
    assert (written, read) == (whole, whole - put)
    assert registered == yard.element.volume.used == whole


sizes = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(sizes)
def test_bytes_are_conserved(puts: list[tuple[int, int]]) -> None:
    yard = Yard(total=100)
    for name, size in puts:
        try:
            yard.put(data(size), f"{ROOT}/{name}")
        except StorageError as error:
            assert error.kind == "space"
    held = sum(stored.content.size for stored in yard.element.files())
    assert held == yard.element.volume.used
    assert 100 - held == yard.element.volume.free()


# -- all of a world


def two() -> Storages:
    storages = Storages()
    yard = Yard()
    storages.add(yard.element)
    storages.add(
        StorageElement(
            "A_SCRATCHDISK",
            host="se.sim",
            doors=(Door("root", 1094), Door("file", 0)),
            root="/pnfs/sim/scratch",
            volume=Volume(100),
            clock=yard.clock,
            journal=yard.journal,
            points=yard.points,
        )
    )
    return storages


@pytest.mark.parametrize(
    ("turl", "name"),
    [
        ("root://se.sim:1094//pnfs/sim/rucio/x", "SIM_DATADISK"),
        ("root://se.sim//pnfs/sim/scratch/x", "A_SCRATCHDISK"),
        ("dcap://se.sim:22125/pnfs/sim/rucio/x", "SIM_DATADISK"),
        ("file:///pnfs/sim/scratch/x", "A_SCRATCHDISK"),
    ],
)
def test_a_url_leads_to_the_element_behind_the_door(turl: str, name: str) -> None:
    found = two().locate(turl)
    assert found is not None
    assert name == found[0].name


@pytest.mark.parametrize(
    "turl",
    [
        "root://other.sim:1094//pnfs/sim/rucio/x",
        "root://se.sim:1095//pnfs/sim/rucio/x",
        "dcap://se.sim:22125/pnfs/sim/scratch/x",
        "root://se.sim:1094//pnfs/sim/rucio2/x",
        "/pnfs/sim/scratch/x",
    ],
)
def test_a_url_that_fits_no_door_leads_nowhere(turl: str) -> None:
    assert two().locate(turl) is None


def test_elements_come_in_the_order_of_their_names() -> None:
    assert [element.name for element in two()] == ["A_SCRATCHDISK", "SIM_DATADISK"]


def test_a_name_is_given_once() -> None:
    storages = two()
    with pytest.raises(ValueError, match="two storage elements are called SIM_DATADISK"):
        storages.add(storages["SIM_DATADISK"])


def test_the_url_of_a_file_goes_through_the_door_asked_for() -> None:
    element = two()["SIM_DATADISK"]
    assert element.turl(f"{ROOT}/x", "root") == "root://se.sim:1094//pnfs/sim/rucio/x"
    assert element.turl(f"{ROOT}/x", "dcap") == "dcap://se.sim:22125/pnfs/sim/rucio/x"
    with pytest.raises(KeyError, match="no door for srm"):
        element.turl(f"{ROOT}/x", "srm")

"""From a file to its URL."""

from __future__ import annotations

import hashlib

import pytest

from pilotcore.data import locations
from pilotcore.definitions import Protocol
from pilotcore.definitions import Queue
from pilotcore.definitions import Storage
from tests.pilotcore.grid import code_of

ROOT = Protocol("root://se:1094", "//rucio")
DAVS = Protocol("davs://se:443", "/rucio/")
DISK = Storage("DISK", protocols={"read_lan": (ROOT,), "read_wan": (DAVS,), "write_lan": (DAVS,)})
TAPE = Storage("TAPE", deterministic=False)


def test_the_path_is_rucios() -> None:
    digest = hashlib.md5(b"user.me:file").hexdigest()
    expected = f"user/me/{digest[:2]}/{digest[2:4]}/file"
    assert expected == locations.rucio_path("user.me", "file")


def test_the_first_protocol_of_a_scheme_that_the_tool_speaks_is_taken() -> None:
    turl = locations.turl_of(DISK, (ROOT, DAVS), schemes=("davs",), scope="s", lfn="f")
    assert f"davs://se:443/rucio/{locations.rucio_path('s', 'f')}" == turl


def test_a_path_is_separated_by_a_slash() -> None:
    turl = locations.turl_of(DISK, (ROOT,), schemes=("root",), scope="s", lfn="f")
    assert f"root://se:1094//rucio/{locations.rucio_path('s', 'f')}" == turl


@pytest.mark.parametrize(
    ("storage", "schemes", "code"),
    [(DISK, ("srm",), 1313), (TAPE, ("root",), 1329), (DISK, ("root",), 0)],
)
def test_a_file_without_a_place_is_an_error(
    storage: Storage, schemes: tuple[str, ...], code: int
) -> None:
    def resolve() -> object:
        return locations.turl_of(storage, (ROOT,), schemes=schemes, scope="s", lfn="f")

    assert code == code_of(resolve)


def test_an_object_store_has_no_folders() -> None:
    storage = Storage("OS", deterministic=False, kind="OS_ES")
    turl = locations.turl_of(storage, (ROOT,), schemes=("root",), scope="s", lfn="f")
    assert "root://se:1094//rucio/f" == turl


@pytest.mark.parametrize(("wan", "count"), [(False, 1), (True, 2)])
def test_the_wide_area_is_read_from_only_if_the_queue_may(wan: bool, count: int) -> None:
    queue = Queue("Q", "Q", allow_wan=wan)
    assert count == len(locations.read_protocols(queue, DISK))


def test_tools_are_those_of_the_activity_then_those_of_the_queue() -> None:
    queue = Queue("Q", "Q", copytools={"mv": ""}, tools_for={"write_lan": ("lsm",)})
    found = [locations.copytools_for(queue, each) for each in (locations.WRITE, locations.READ)]
    assert [("lsm",), ("mv",)] == found


@pytest.mark.parametrize(
    ("allowed", "wanted", "name"),
    [
        (("DISK", "TAPE"), "TAPE", "TAPE"),
        (("DISK",), "TAPE", "DISK"),
        (("GONE", "DISK"), "", "DISK"),
        ((), "TAPE", "TAPE"),
    ],
)
def test_the_wanted_endpoint_is_written_to_if_the_queue_may(
    allowed: tuple[str, ...], wanted: str, name: str
) -> None:
    queue = Queue("Q", "Q", storages_for={"write_lan": allowed} if allowed else {})
    storages = {"DISK": DISK, "TAPE": TAPE}
    found = locations.storage_for(queue, storages, wanted=wanted, activities=locations.WRITE)
    assert name == found.name


def test_a_queue_without_a_place_to_write_to_is_an_error() -> None:
    def choose() -> object:
        queue = Queue("Q", "Q")
        return locations.storage_for(queue, {}, wanted="X", activities=locations.WRITE)

    assert 1133 == code_of(choose)

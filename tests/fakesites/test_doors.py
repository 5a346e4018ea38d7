"""Doors on the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites.doors import CALL
from fakesites.storage import DoorCall
from fakesites.storage import StorageError
from simkernel import Request
from simkernel import Response
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def fetch(world: SiteWorld, request: Request) -> Response:
    answer = world.clock.run(until=world.clock.process(world.network.fetch(request)))
    assert isinstance(answer, Response)
    return answer


def test_every_door_of_a_site_listens(world: SiteWorld) -> None:
    answers = [
        fetch(world, Request("TRACE", "se.bnl.sim", port, "/", source="wn")).status
        for port in (1094, 2880, 8443, 22125)
    ]
    assert answers == [405] * 4


def test_a_call_reaches_the_element_whose_namespace_it_names(world: SiteWorld) -> None:
    root = world.element("BNL_SCRATCHDISK").root
    world.element("BNL_SCRATCHDISK").place(f"{root}/x", some_content(10), by="test")
    call = DoorCall("stat", "", f"{root}/x", by="pilot-1")
    request = Request("STAT", "se.bnl.sim", 22125, call.path, source="wn", notes={CALL: call})
    assert (fetch(world, request).status, call.endpoint) == (200, "BNL_SCRATCHDISK")


def test_a_path_in_nobodys_namespace_is_missing(world: SiteWorld) -> None:
    call = DoorCall("stat", "", "/elsewhere/x", by="pilot-1")
    request = Request("STAT", "se.bnl.sim", 22125, call.path, source="wn", notes={CALL: call})
    with pytest.raises(StorageError, match="missing"):
        fetch(world, request)


def test_the_protocol_is_that_of_the_port_and_not_what_the_caller_says(world: SiteWorld) -> None:
    path = f"{world.element().root}/x"
    call = DoorCall("stat", "", path, by="pilot-1", protocol="dcap")
    request = Request("STAT", "se.bnl.sim", 1094, path, source="wn", notes={CALL: call})
    with pytest.raises(StorageError, match="no credential"):
        fetch(world, request)

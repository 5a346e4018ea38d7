"""What each fault of a storage element's door does to what passes."""

from __future__ import annotations

import pytest

from fakesites.storage import StorageError
from simkernel import ScenarioError
from tests.harness.faults.tiny_world import CONTENT
from tests.harness.faults.tiny_world import TinyWorld

ON = "door.BNL_DATADISK"
PATH = "/pnfs/data/a"


def stored(world: TinyWorld) -> object:
    found = world.element.find(PATH)
    return found and found.content


def test_a_put_is_cut_and_the_journal_tells(world: TinyWorld) -> None:
    world.install("truncate", on=ON, options={"fraction": 0.5})
    world.do(world.door("put", PATH, content=CONTENT))
    written = [each["bytes"] for each in world.journal.events if each.what == "storage.write"]
    assert (CONTENT.truncated(500), [500]) == (stored(world), written)


def test_a_get_is_cut_and_what_is_stored_stays(world: TinyWorld) -> None:
    world.element.place(PATH, CONTENT, by="test")
    world.install("truncate", on=ON, options={"fraction": 0})
    outcome = world.do(world.door("get", PATH))
    assert (outcome.result.content.size, stored(world)) == (0, CONTENT)


def test_a_put_is_corrupted(world: TinyWorld) -> None:
    world.install("corrupt", on=ON)
    world.do(world.door("put", PATH, content=CONTENT))
    assert CONTENT.corrupted() == stored(world)


def test_a_look_carries_nothing_to_spoil(world: TinyWorld) -> None:
    world.element.place(PATH, CONTENT, by="test")
    world.install("corrupt", on=ON)
    assert world.do(world.door("stat", PATH)).result.content == CONTENT


def test_an_error_is_of_the_kind_asked_for(world: TinyWorld) -> None:
    world.install("error", on=ON, options={"kind": "space", "text": "pool is full"})
    outcome = world.do(world.door("put", PATH, content=CONTENT))
    assert isinstance(outcome.error, StorageError)
    assert (outcome.error.kind, outcome.error.text, stored(world)) == (
        "space",
        "pool is full",
        None,
    )


def test_an_error_of_no_known_kind_is_the_authors(world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="kind = 'tired' — use missing, exists, space"):
        world.install("error", on=ON, options={"kind": "tired"})


@pytest.mark.parametrize("fraction", [-0.1, 1.0, 7])
@pytest.mark.parametrize("on", [ON, "tool.dccp"])
def test_a_part_is_less_than_the_whole(fraction: float, on: str, world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="fraction = "):
        world.install("truncate", on=on, options={"fraction": fraction})

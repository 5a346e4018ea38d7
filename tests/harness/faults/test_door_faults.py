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


def kind_of(world: TinyWorld, action: str = "put", path: str = PATH) -> str:
    outcome = world.do(world.door(action, path, content=CONTENT), until=world.clock.now + 10)
    return str(getattr(outcome.error, "kind", ""))


def test_a_full_element_takes_nothing_until_there_is_room(world: TinyWorld) -> None:
    world.install("full", on=ON, options={"for": "5m", "left": "100 B"})
    assert (kind_of(world), world.element.volume.free()) == ("space", 100)
    world.clock.run(world.clock.now + 600)
    world.element.place(PATH, CONTENT, by="test")
    assert kind_of(world, "get") == ""


def test_a_read_only_element_can_be_read(world: TinyWorld) -> None:
    world.element.place(PATH, CONTENT, by="test")
    world.install("read_only", on=ON)
    assert ("", "readonly") == (kind_of(world, "get"), kind_of(world))


def test_what_was_written_is_seen_later(world: TinyWorld) -> None:
    world.install("unseen", on=ON, options={"for": "5m"})
    assert ("", "missing") == (kind_of(world), kind_of(world, "stat"))
    world.clock.run(world.clock.now + 300)
    assert kind_of(world, "stat") == ""


def test_only_reading_waits_for_a_tape(world: TinyWorld) -> None:
    world.element.place(PATH, CONTENT, by="test")
    world.install("nearline", on=ON, options={"stage": "20m"})
    assert world.do(world.door("stat", PATH), until=world.clock.now + 1).result.path == PATH
    began = world.clock.now
    outcome = world.do(world.door("get", PATH))
    assert outcome.ended_at is not None
    assert 1200 <= outcome.ended_at - began < 1210
    assert [1200.0] == [e["seconds"] for e in world.journal.events if e.what == "storage.staged"]

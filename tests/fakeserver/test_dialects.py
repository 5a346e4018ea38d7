"""One story told in every dialect leaves the same model behind."""

from __future__ import annotations

import pytest

from tests.fakeserver.servers import Bench
from tests.fakeserver.speakers import BY_NAME
from tests.fakeserver.stories import CHANGELESS
from tests.fakeserver.stories import STORIES
from tests.fakeserver.stories import Speak
from tests.fakeserver.stories import speak_form
from tests.fakeserver.stories import speak_legacy
from tests.fakeserver.stories import speak_modern
from tests.fakeserver.stories import told


def lines(bench: Bench) -> list[tuple[object, ...]]:
    """Return the journal as plain tuples."""
    return [(each.t, each.who, each.what, dict(each.data)) for each in bench.journal.events]


@pytest.mark.parametrize("speak", [speak_form, speak_modern], ids=["form", "modern"])
@pytest.mark.parametrize("story", sorted(STORIES))
def test_the_same_story_leaves_the_same_model_and_journal(story: str, speak: Speak) -> None:
    old, new = told(story, speak_legacy), told(story, speak)
    assert old.server.snapshot() == new.server.snapshot()
    assert lines(old) == lines(new)
    assert old.journal.identity() == new.journal.identity()


@pytest.mark.parametrize("story", sorted(set(STORIES) - set(CHANGELESS)))
def test_every_story_changes_something(story: str) -> None:
    told_one = told(story, speak_legacy)
    assert {"job.update", "job.refused", "job.dispatched"} & {
        event.what for event in told_one.journal.events
    }


def test_the_stories_speak_of_every_method_that_has_two_names() -> None:
    spoken = {name for story in STORIES.values() for _, name, _ in story}
    both = {each.name for each in BY_NAME.values() if each.legacy and each.modern}
    assert both <= spoken

"""No pilot gives up its final update while it has time."""

from __future__ import annotations

import pytest

from harness.checkers.final_acknowledged import TRYING_S
from harness.checkers.final_acknowledged import final_acknowledged
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts


def test_a_final_update_that_was_taken_is_none_of_its_business() -> None:
    assert [] == final_acknowledged(complete().flight())


def test_giving_up_after_one_lost_request_is_found() -> None:
    told = story().pilot().dispatch()
    told.update("finished", at=3600, reply="gone").leave(at=3700)
    (text,) = texts(final_acknowledged(told.flight()))
    assert "'finished' of 1:00:00 was sent 1 time(s)" in text
    assert "ended at 1:01:40" in text


def test_an_answer_that_was_lost_after_it_took_effect_is_no_loss() -> None:
    told = story().pilot().dispatch()
    told.update("finished", at=3600, reply="lost").leave(at=3700)
    assert [] == final_acknowledged(told.flight())


def test_a_pilot_that_went_on_trying_has_done_what_it_could() -> None:
    told = story().pilot().dispatch().update("finished", at=3600, reply="gone")
    assert [] == final_acknowledged(told.leave(at=3600 + TRYING_S).flight())


@pytest.mark.parametrize("signal", [9, 15])
def test_a_pilot_that_was_told_to_stop_is_excused(signal: int) -> None:
    told = story().pilot().dispatch().update("finished", at=3600, reply="gone")
    told.signal(signal, at=3650).leave(at=3700, signal=9)
    assert [] == final_acknowledged(told.flight())

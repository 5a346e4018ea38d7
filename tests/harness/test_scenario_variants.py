"""One file may hold several scenarios that differ in a few places."""

from __future__ import annotations

import pytest

from tests.harness.small_world import FILE
from tests.harness.small_world import TEXT
from tests.harness.small_world import problem
from tests.harness.small_world import problems
from tests.harness.small_world import read


def test_each_variant_is_a_scenario_of_its_own() -> None:
    text = TEXT + (
        "[variants]\n"
        '"in-get-job" = { "fault.0.at.phase" = "get-job" }\n'
        "plain = {}\n"
        '"third-call" = { "fault.0.at" = { call = 3 }, "expect.job.state" = "failed" }\n'
    )
    scenarios = read(text).scenarios
    assert ["flap[in-get-job]", "flap[plain]", "flap[third-call]"] == [s.name for s in scenarios]
    assert [2, 2, 3] == [s.faults[0].at.call for s in scenarios]
    assert [("finished",), ("finished",), ("failed",)] == [s.expect.states for s in scenarios]


def test_a_variants_name_is_fit_for_files_and_shells() -> None:
    (scenario,) = read(TEXT + "[variants.third-call]\n").scenarios
    assert "flap.third-call" == scenario.slug
    assert [("flap.third-call/1", scenario.jobs[0])] == list(scenario.flown_jobs())


def test_a_variant_says_how_to_name_it_again() -> None:
    (scenario,) = read(TEXT + "[variants.third-call]\n").scenarios
    assert f"{FILE}::third-call" == scenario.source


def test_a_variant_changes_nothing_in_the_others() -> None:
    text = TEXT + (
        '[variants.first]\n"job.0.inputs.0.size" = "1 GB"\n[variants.second]\n"seed" = 8\n'
    )
    first, second = read(text).scenarios
    assert 1_000_000_000 == first.jobs[0].inputs[0].size_bytes
    assert 2_000_000_000 == second.jobs[0].inputs[0].size_bytes
    assert (7, 8) == (first.seed, second.seed)


def test_a_variant_may_add_a_table_that_the_template_lacks() -> None:
    text = TEXT + '[variants.off]\n"world.queuedata.status" = "none"\n'
    (scenario,) = read(text).scenarios
    assert {"queuedata": {"status": "none"}} == scenario.world.overrides


def test_a_mistake_in_a_variant_has_the_variants_line() -> None:
    text = TEXT + '[variants.off]\n"fault.0.do" = "hangg"\n'
    expected = "23: unknown fault 'hangg' on 'server.acquire_jobs' — did you mean 'hang'?"
    assert expected == problem(text)


def test_a_mistake_inside_a_table_that_a_variant_sets_has_the_variants_line() -> None:
    text = TEXT + '[variants.off]\n"fault.0.at" = { cal = 1 }\n'
    assert "23: unknown key 'cal' in [fault.0.at] — did you mean 'call'?" == problem(text)


def test_a_mistake_of_the_template_is_told_once_however_many_variants_there_are() -> None:
    text = TEXT.replace('site  = "BNL"', 'site  = "BNK"') + "[variants]\na = {}\nb = {}\nc = {}\n"
    assert "6: unknown site 'BNK' — did you mean 'BNL'?" == problem(text)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("fault.1.do", "there is no '1'"),
        ("fault.first.do", "there is no 'first'"),
        ("seed.part", "there is no 'part'"),
        ("name", "that is no place to vary"),
        ("variants.x", "that is no place to vary"),
        ("a..b", "that is no place to vary"),
        ("", "that is no place to vary"),
    ],
)
def test_a_place_that_cannot_be_varied_is_told_with_the_reason(target: str, reason: str) -> None:
    text = TEXT + f'[variants.off]\n"{target}" = "hang"\n'
    assert f"23: variant 'off' cannot set {target!r}: {reason}" == problem(text)


def test_a_variant_needs_a_name_that_a_folder_can_have() -> None:
    expected = "22: '../x' cannot name a variant: use letters, digits and hyphens"
    assert expected == problem(TEXT + '[variants."../x"]\n')


def test_variants_that_are_no_tables_are_a_mistake_of_shape() -> None:
    assert "23: variants.off = 3: should be a table" == problem(TEXT + "[variants]\noff = 3\n")
    assert [f"{FILE}:4: variants = 3: should be a table"] == problems(
        TEXT.replace("seed  = 7\n", "seed  = 7\nvariants = 3\n")
    )

"""A scenario file becomes a scenario, or every error in it with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import File
from harness.scenario import Job
from harness.scenario import Payload
from harness.scenario import Pilot
from harness.scenario import World
from harness.scenario_text import ScenarioFileError
from harness.scenario_text import json_schema
from harness.scenario_text import read_file
from harness.scenario_text import read_scenarios
from harness.triggers import Trigger
from harness.vocabulary import OPEN_OVERRIDES
from tests.harness.small_world import FILE
from tests.harness.small_world import TEXT
from tests.harness.small_world import WORDS
from tests.harness.small_world import changed
from tests.harness.small_world import problem
from tests.harness.small_world import problems
from tests.harness.small_world import read


def test_a_whole_file_becomes_plain_values_in_seconds_and_bytes() -> None:
    (scenario,) = read(TEXT).scenarios
    assert ("flap", "the server flaps", 7) == (scenario.name, scenario.about, scenario.seed)
    assert World("BNL", "BNL_ATLAS_1", 1_772_352_000.0) == scenario.world
    inputs = (File(2_000_000_000), File(500_000_000))
    payload = Payload(walltime_s=5400.0, outputs=(File(4 * 2**30),))
    assert (Job(inputs=inputs, payload=payload),) == scenario.jobs
    trigger = Trigger(call=2, phase="get-job")
    plan = FaultPlan("server.acquire_jobs", "http_error", trigger, {"status": 503})
    assert (plan,) == scenario.faults
    assert Expectation(states=("finished",), within_s=14400.0) == scenario.expect


def test_a_fault_remembers_its_line_for_messages() -> None:
    (scenario,) = read(TEXT).scenarios
    assert f"{FILE}:14" == scenario.faults[0].where


def test_without_a_pilot_one_flies_for_a_day() -> None:
    (scenario,) = read(TEXT).scenarios
    assert (Pilot(walltime_s=86400.0, after_s=0.0),) == scenario.pilots


def test_pilots_may_start_later_and_end_earlier() -> None:
    (scenario,) = read(
        TEXT + '[[pilot]]\nbatch = { walltime = "4h", notice = "30s" }\nafter = "2m"\n'
    ).scenarios
    assert (Pilot(walltime_s=14400.0, notice_s=30.0, after_s=120.0),) == scenario.pilots


def test_pilots_and_their_scenario_say_whose_they_are() -> None:
    text = TEXT + '[[pilot]]\nexperiment = "ska"\n[[pilot]]\n[[pilot]]\nexperiment = "atlas"\n'
    (scenario,) = read(text).scenarios
    assert ["ska", "", "atlas"] == [each.experiment for each in scenario.pilots]
    assert {"atlas", "ska"} == scenario.experiments


def test_an_experiment_is_a_name_in_small_letters() -> None:
    assert "experiment" in problem(TEXT + '[[pilot]]\nexperiment = "ATLAS!"\n')


def test_one_state_or_code_may_be_written_without_brackets() -> None:
    claims = 'job = { state = "failed", pilotErrorCode = 1099 }\nexit = 0\nviolations = []\n'
    (scenario,) = read(TEXT.partition("[expect]")[0] + "[expect]\n" + claims).scenarios
    expected = Expectation(
        states=("failed",), pilot_error_codes=(1099,), exit_codes=(0,), violations=()
    )
    assert expected == scenario.expect


def test_a_familys_own_claims_take_the_place_of_the_general_ones() -> None:
    special = '[expect.pilot3]\njob = { state = "failed" }\njobs = { failed = 1 }\n'
    (scenario,) = read(TEXT + special).scenarios
    expected = Expectation(states=("failed",), within_s=14400.0, counts={"failed": 1})
    assert expected == scenario.expect_for("pilot3")
    assert Expectation(states=("finished",), within_s=14400.0) == scenario.expect_for("core")


def test_overrides_of_known_fields_are_read_with_their_units() -> None:
    text = TEXT + '[world.server]\nlost_heartbeat = "2h"\npage_bytes = 1\n'
    found = problems(text)
    assert [
        f"{FILE}:24: unknown key 'page_bytes' in [world.server] — did you mean 'page'?"
    ] == found
    good = text.replace("page_bytes = 1", 'page = "4 KiB"')
    (scenario,) = read(good).scenarios
    assert {"server": {"lost_heartbeat_s": 7200.0, "page_bytes": 4096}} == scenario.world.overrides


def test_open_sections_take_any_field_as_it_is() -> None:
    (scenario,) = read(TEXT + '[world.queuedata]\nstatus = "none"\n').scenarios
    assert {"queuedata": {"status": "none"}} == scenario.world.overrides


# Each row: what is changed in the scenario, into what, and the line that a user gets to read.
MISTAKES = [
    ('site  = "BNL"', 'site = "BNK"', "6: unknown site 'BNK' — did you mean 'BNL'?"),
    (
        'queue = "BNL_ATLAS_1"',
        'queue = "BNL_ATLAS"',
        "7: unknown queue 'BNL_ATLAS' of BNL — did you mean 'BNL_ATLAS_1'?",
    ),
    (
        'do = "http_error"',
        'do = "http_eror"',
        "16: unknown fault 'http_eror' on 'server.acquire_jobs' — did you mean 'http_error'?",
    ),
    (
        'on = "server.acquire_jobs"',
        'on = "server.aquire_jobs"',
        "15: unknown point 'server.aquire_jobs' — did you mean 'server.acquire_jobs'?",
    ),
    (
        'on = "server.acquire_jobs"',
        'on = "tool.dccp"',
        "16: fault 'http_error' does not fit 'tool.dccp' — it stands on server.*",
    ),
    (
        "status = 503",
        "statis = 503",
        "17: unknown option 'statis' of fault 'http_error' — did you mean 'status'?",
    ),
    ("status = 503", 'status = "503"', "17: status = '503' is no int — write 503"),
    (
        "status = 503",
        'phase = "log"',
        "17: unknown option 'phase' of fault 'http_error' — it belongs into at = { … }",
    ),
    (
        'phase = "get-job"',
        'phase = "getjob"',
        "18: unknown phase 'getjob' — did you mean 'get-job'?",
    ),
    ("call = 2", "call = 0", "18: fault.0.at.call = 0: should be greater than or equal to 1"),
    ("call = 2", "p = 1.5", "18: fault.0.at.p = 1.5: should be less than or equal to 1"),
    (
        "call = 2",
        "call = 2, cal = 1",
        "18: unknown key 'cal' in [fault.0.at] — did you mean 'call'?",
    ),
    (
        'state = "finished"',
        'state = "finnished"',
        "21: unknown job state 'finnished' — did you mean 'finished'?",
    ),
    (
        'job = { state = "finished", within = "4h" }',
        'violations = ["hartbeat-gap"]',
        "21: unknown checker 'hartbeat-gap' — did you mean 'heartbeat-gap'?",
    ),
    (
        'job = { state = "finished", within = "4h" }',
        "jobs = { finised = 1 }",
        "21: unknown job state 'finised' — did you mean 'finished'?",
    ),
    (
        'walltime = "1h30m"',
        "walltime = 90",
        (
            "12: job.0.payload.walltime: 90 has no unit: "
            "write a duration such as '90s', '30m', '1h30m' or '2d'"
        ),
    ),
    (
        'size = "500 MB"',
        'size = "500 megs"',
        (
            "11: job.0.inputs.1.size: 'megs' is not a unit of size: "
            "use B, kB, MB, GB, TB, PB, KiB, MiB, GiB, TiB, PiB"
        ),
    ),
    ('walltime = "1h30m"', 'walltime = "-1h"', "12: job.0.payload.walltime: '-1h' is negative"),
    ("seed  = 7", 'seed = "7"', "3: seed = '7': should be a whole number"),
    ("seed  = 7", "seed = true", "3: seed = true: should be a whole number"),
    ("seed  = 7", "sed = 7", "3: unknown key 'sed' — did you mean 'seed'?"),
    ('about = "the server flaps"', "", "1: 'about' is missing"),
    (
        'name  = "flap"',
        'name = "Flap it"',
        (
            "1: name = 'Flap it': should be lower-case words joined by hyphens, "
            "such as 'hanging-transfer'"
        ),
    ),
    ("[[fault]]", "[fault]", "14: fault = {"),
    (
        "start = 2026-03-01T08:00:00Z",
        "start = 2026-03-01T08:00:00",
        (
            "8: world.start = 2026-03-01T08:00:00: "
            "should name its time zone, such as 2026-03-01T08:00:00Z"
        ),
    ),
    (
        "start = 2026-03-01T08:00:00Z",
        "node = { nonsense = 1 }",
        "8: BNL has no field 'nonsense'",
    ),
    (
        "[[job]]",
        '[[job]]\nkind = "prodction"',
        "11: unknown kind of job 'prodction' — did you mean 'production'?",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES, ids=[row[1] for row in MISTAKES])
def test_a_mistake_is_named_with_its_line_and_the_nearest_name(
    old: str, new: str, expected: str
) -> None:
    actual = problem(changed(old, new))
    assert expected == actual[: len(expected)]


def test_an_error_has_the_form_that_editors_jump_to() -> None:
    found = problems(changed('do = "http_error"', 'do = "http_eror"'))
    assert [
        (
            "scenarios/flap.toml:16: unknown fault 'http_eror' on 'server.acquire_jobs'"
            " — did you mean 'http_error'?"
        )
    ] == found


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = TEXT
    expected = []
    for old, new, message in (MISTAKES[0], MISTAKES[5], MISTAKES[8], MISTAKES[12], MISTAKES[18]):
        text = text.replace(old, new)
        expected.append(message)
    actual = [each.removeprefix(f"{FILE}:") for each in problems(text)]
    assert sorted(expected, key=lambda message: int(message.partition(":")[0])) == actual


def test_two_tables_that_belong_together_are_checked_even_if_a_third_is_no_table() -> None:
    text = changed('site  = "BNL"', 'site = "BNK"').replace("[[job]]", "[[jobs]]")
    expected = [
        f"{FILE}:6: unknown site 'BNK' — did you mean 'BNL'?",
        f"{FILE}:10: unknown key 'jobs' — did you mean 'job'?",
    ]
    assert expected == problems(text)


def test_a_trigger_and_an_option_of_one_fault_are_both_checked() -> None:
    text = TEXT + (
        '[[fault]]\non = "batch.kill"\ndo = "preempt"\nnotise = "1m"\nat = { call = 1 }\n'
    )
    expected = [
        f"{FILE}:25: unknown option 'notise' of fault 'preempt' — did you mean 'notice'?",
        f"{FILE}:26: 'batch.kill' has no calls to count — use after or phase",
    ]
    assert expected == problems(text)


def test_a_wrong_trigger_is_not_blamed_on_the_options_beside_it() -> None:
    text = TEXT + '[[fault]]\non = "batch.kill"\ndo = "preempt"\nnotice = "1m"\nat = { call = 1 }\n'
    expected = f"{FILE}:26: 'batch.kill' has no calls to count — use after or phase"
    assert [expected] == problems(text)


def test_of_two_faults_with_one_name_the_one_that_fits_the_point_lends_its_options() -> None:
    text = TEXT + '[[fault]]\non = "tool.dccp"\ndo = "truncate"\nfraction = 0.5\n'
    assert [] == problems(text)


def test_any_point_of_an_open_family_will_do() -> None:
    text = TEXT + '[[fault]]\non = "queuedata.copytools"\ndo = "set"\nvalue = ["mv"]\n'
    assert [] == problems(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = \n", "1: not TOML: Invalid value, column 8"),
        ('a = 1\nb = "x', "2: not TOML: Unterminated string at the end of the file"),
        ("a = 1\na = 2\n", "2: not TOML: Cannot overwrite a value, column 6"),
        ("a = " + "[" * 5000, " the tables are nested too deep"),
    ],
    ids=["value", "string", "twice", "deep"],
)
def test_what_is_not_toml_keeps_the_line_of_the_parser(text: str, expected: str) -> None:
    assert expected == problem(text)


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "flap.toml"
    path.write_bytes(b'name = "flap"\nabout = "\xff"\n')
    (found,) = read_file(path, vocabulary=WORDS).problems
    assert f"{path}:2: this line is not UTF-8" == str(found)


def test_a_file_that_is_not_there_is_a_problem_like_any_other(tmp_path: Path) -> None:
    (found,) = read_file(tmp_path / "no.toml", vocabulary=WORDS).problems
    assert f"{tmp_path}/no.toml: No such file or directory — give a scenario file" == str(found)


def test_reading_a_wrong_file_raises_all_its_problems(tmp_path: Path) -> None:
    path = tmp_path / "flap.toml"
    path.write_text(changed("seed  = 7", "sed = 7\ntgs = 1"))
    with pytest.raises(ScenarioFileError) as caught:
        read_scenarios(path, vocabulary=WORDS)
    assert 2 == len(caught.value.problems)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))


VALUES = st.recursive(
    st.none().flatmap(lambda _: st.integers() | st.text(max_size=5) | st.booleans() | st.floats()),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
SECTIONS = ("name", "about", "seed", "tags", "world", "job", "pilot", "fault", "expect", "variants")


@given(st.dictionaries(st.sampled_from(SECTIONS), VALUES, max_size=5))
def test_whatever_the_types_are_the_answer_is_a_list_of_problems(tables: object) -> None:
    assert isinstance(tables, dict)
    found = read(tomli_w.dumps(tables))
    assert found.problems
    assert all(str(each).startswith(f"{FILE}:") for each in found.problems)


@given(
    st.dictionaries(
        st.sampled_from(("on", "do", "at", "status", "phase")),
        VALUES | st.sampled_from(("hang", "truncate", "server.*", "tool.dccp")),
    )
)
def test_whatever_a_fault_holds_the_answer_is_a_list_of_problems(fault: object) -> None:
    text = TEXT + tomli_w.dumps({"fault": [fault]}).replace("fault = [", "more = [")
    reading = read(text)
    assert bool(reading.scenarios) != bool(reading.problems)


def test_every_section_of_the_world_that_may_be_overridden_has_its_table() -> None:
    assert set(OPEN_OVERRIDES) <= set(json_schema()["$defs"]["WorldTable"]["properties"])


def test_the_schema_knows_every_key_by_its_written_name() -> None:
    schema = json_schema()
    properties = schema["properties"]
    assert {"name", "from", "world", "job", "fault", "expect", "variants"} <= set(properties)
    assert "pilotErrorCode" in schema["$defs"]["JobClaims"]["properties"]
    assert ["name", "about", "world"] == schema["required"]
    assert "string" == schema["$defs"]["FileTable"]["properties"]["size"]["type"]
    json.dumps(schema)

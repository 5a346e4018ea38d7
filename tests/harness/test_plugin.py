"""The pytest plugin: scenario files are tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as etree

import pytest

from tests.harness import stub_flight
from tests.harness.small_world import TEXT
from tests.harness.small_world import WORDS

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent.parent
VARIANTS = '[variants]\n"in-get-job" = {}\n"later" = { seed = 11 }\n'
TAGGED = TEXT.replace("seed  = 7", 'seed  = 12\ntags  = ["server", "flaky"]')


@pytest.fixture(autouse=True)
def stubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every flight be a stub's, in a small world."""
    monkeypatch.setattr("harness.flight.fly", stub_flight.fly)
    monkeypatch.setattr("harness.known.vocabulary", lambda: WORDS)
    monkeypatch.setattr("harness.flight_items.vocabulary", lambda: WORDS)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Somebody's project with two scenario files and a TOML file that is none."""
    folder = pytester.mkdir("scenarios")
    (folder / "flap.toml").write_text(TAGGED)
    (folder / "gust.toml").write_text(TEXT.replace('"flap"', '"gust"') + VARIANTS)
    pytester.path.joinpath("pyproject.toml").write_text("[tool.other]\n")
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in *project* with the plugin."""
    plugins = [] if _is_installed() else ["-p", "harness.plugin"]
    for name in ("cacheprovider", "hypothesispytest", "faker", "xdist"):
        plugins += ["-p", f"no:{name}"]
    return project.runpytest_inprocess(*plugins, *arguments)


def _is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(each.value == "harness.plugin" for each in entry_points(group="pytest11"))


def collected(project: pytest.Pytester, *arguments: str) -> list[str]:
    """Return the node ids that pytest collects."""
    lines = run(project, "--collect-only", "-q", *arguments).outlines
    return [line for line in lines if "::" in line]


def test_each_seed_of_each_variant_is_an_item(project: pytest.Pytester) -> None:
    assert [
        "scenarios/flap.toml::seed=12",
        "scenarios/gust.toml::in-get-job::seed=7",
        "scenarios/gust.toml::later::seed=11",
    ] == collected(project)


def test_seeds_may_be_asked_for(project: pytest.Pytester) -> None:
    ids = collected(project, "--flightsim-seeds", "21-22", "scenarios/flap.toml")
    assert ["scenarios/flap.toml::seed=21", "scenarios/flap.toml::seed=22"] == ids


def test_an_item_can_be_named_by_its_id(project: pytest.Pytester) -> None:
    ids = collected(project, "scenarios/gust.toml::later::seed=11")
    assert ["scenarios/gust.toml::later::seed=11"] == ids


def test_tags_are_markers_even_where_markers_are_strict(project: pytest.Pytester) -> None:
    ids = collected(project, "--strict-markers", "-m", "server and flightsim")
    assert ["scenarios/flap.toml::seed=12"] == ids


def test_a_file_that_names_the_schema_is_collected_wherever_it_is(
    project: pytest.Pytester,
) -> None:
    (project.path / "here.toml").write_text("#:schema x/scenario.schema.json\n" + TEXT)
    assert ["here.toml::seed=7"] == collected(project, "here.toml")


def test_flights_that_pass_are_tests_that_pass(project: pytest.Pytester) -> None:
    run(project).assert_outcomes(passed=3)


def test_a_flight_that_fails_prints_its_block_and_no_traceback(project: pytest.Pytester) -> None:
    result = run(project, "--flightsim-seeds", "2", "scenarios/flap.toml")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "FAIL  flap · core · seed 2",
            "  violated  heartbeat-gap: no update for 3 h",
            "            at 2h01m30s · job 6000000001 · events 812, 1190",
            "  repeat    flightsim run scenarios/flap.toml --pilot core --seeds 2",
            "  look      *flap/core-2",
        ]
    )
    result.stdout.no_fnmatch_line("*flight_items.py*")


@pytest.mark.parametrize(("seed", "word"), [("3", "unknown"), ("4", "BROKEN"), ("5", "BROKEN")])
def test_a_flight_without_a_verdict_is_an_error_and_not_a_failure(
    project: pytest.Pytester, seed: str, word: str
) -> None:
    result = run(project, "--flightsim-seeds", seed, "scenarios/flap.toml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"{word}  flap · core · seed {seed}"])
    result.stdout.no_fnmatch_line("*flight_items.py*")


def test_seed_pilot_and_journal_are_properties_in_junit(project: pytest.Pytester) -> None:
    run(project, "--junitxml", "junit.xml", "--flightsim-seeds", "2", "scenarios/flap.toml")
    (case,) = etree.parse(project.path / "junit.xml").iter("testcase")
    properties = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert {"seed": "2", "pilot": "core", "sha256": f"{2:064x}"} == properties
    assert 1 == len(case.findall("failure"))


def test_a_wrong_file_is_an_error_of_collection_with_all_its_lines(
    project: pytest.Pytester,
) -> None:
    wrong = TEXT.replace("seed ", "sed ").replace('"BNL"', '"BNK"')
    (project.path / "scenarios/wrong.toml").write_text(wrong)
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*scenarios/wrong.toml:3: unknown key 'sed' — did you mean 'seed'?",
            "*scenarios/wrong.toml:6: unknown site 'BNK' — did you mean 'BNL'?",
        ]
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--flightsim-seeds", "3-1"], "*'3-1' counts backwards*"),
        (["--flightsim-pilot", "cor"], "*no pilot 'cor' — did you mean 'core'?*"),
    ],
)
def test_wrong_options_are_wrong_usage(
    project: pytest.Pytester, arguments: list[str], said: str
) -> None:
    result = run(project, *arguments)
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines([said])


def test_the_options_reach_the_flight(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def fly(scenario: Any, pilot: Any, *, runs: Path, python: str, **named: Any) -> Any:
        seen.append((pilot.label, runs, python))
        return stub_flight.verdict("flap", pilot.label, 1, runs)

    monkeypatch.setattr("harness.flight.fly", fly)
    options = ["--flightsim-pilot", "pypi:3.7.0.36", "--flightsim-runs", "flights"]
    run(project, *options, "--flightsim-pilot-python", "python3.9", "scenarios/flap.toml")
    assert [("pypi-3.7.0.36", Path("flights"), "python3.9")] == seen


def test_flights_go_to_the_runs_of_the_project_unless_told(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def fly(scenario: Any, pilot: Any, *, runs: Path, **named: Any) -> Any:
        seen.append(runs)
        return stub_flight.verdict("flap", pilot.label, 1, runs)

    monkeypatch.setattr("harness.flight.fly", fly)
    run(project, "scenarios/flap.toml")
    assert [project.path / "runs"] == seen


def test_other_tests_of_the_project_are_none_of_our_business(project: pytest.Pytester) -> None:
    project.makepyfile(test_own="def test_own():\n    assert 1 == 2\n")
    result = run(project, "test_own.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2*"])


def test_a_panda_server_in_memory_is_there_for_tests(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_server="""
        def test_server(panda_server):
            panda_server.queues["Q"] = {"name": "Q"}
            assert {} == panda_server.jobs
            assert 0 == len(panda_server.journal.events)
        """
    )
    run(project, "test_server.py").assert_outcomes(passed=1)


def test_loading_the_plugin_imports_no_library_that_takes_its_time() -> None:
    program = (
        "import sys; import harness.plugin;"
        "heavy = {'pydantic', 'simpy', 'simkernel', 'fakeserver', 'click', 'greenlet'};"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert (0, "") == (done.returncode, done.stderr)

"""voms-proxy-info, grid-proxy-info and arcproxy, at virtual time."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakesites.proxyfiles import clock_text
from fakesites.recipes import fqans_of
from fakesites.tools.arcproxy import period
from fakesites.tools.grid_proxy_info import time_left
from fakesites.tools.voms_proxy_info import Options
from fakesites.tools.voms_proxy_info import report
from fakesites.tools.voms_proxy_info import wanted_s
from tests.fakesites.site_world import DN
from tests.fakesites.site_world import EPOCH
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

Age = Callable[[float], None]


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


@pytest.fixture
def age(world: SiteWorld) -> Age:
    """Let so many seconds pass."""

    def pass_time(seconds: float) -> None:
        world.clock.run(until=world.clock.now + seconds)

    return pass_time


# -- voms-proxy-info


def test_the_summary_is_what_the_real_tool_prints(world: SiteWorld) -> None:
    credential = world.put_proxy(lifetime_s=12 * 3600)
    ran = world.run("voms-proxy-info")
    expected = f"""subject   : {DN}/CN={credential.serial}
issuer    : {DN}
identity  : {DN}
type      : RFC compliant proxy
strength  : 2048 bits
path      : {PROXY}
timeleft  : 12:00:00
"""
    assert (0, expected) == (ran.code, ran.stdout)


def test_all_adds_key_usage_and_the_attributes(world: SiteWorld, age: Age) -> None:
    world.put_proxy(lifetime_s=12 * 3600, voms_lifetime_s=3600)
    age(61)
    ran = world.run("voms-proxy-info", "-all")
    expected = f"""timeleft  : 11:58:59
key usage : Digital Signature, Key Encipherment
=== VO atlas extension information ===
VO        : atlas
subject   : {DN}
issuer    : /DC=sim/DC=grid/OU=Services/CN=voms.atlas.sim
attribute : /atlas/Role=production/Capability=NULL
attribute : /atlas/Role=NULL/Capability=NULL
timeleft  : 0:58:59
uri       : voms.atlas.sim:15001
"""
    assert ran.stdout.endswith(expected)


def test_the_answers_come_in_the_tools_own_order(world: SiteWorld) -> None:
    world.put_proxy(lifetime_s=7200, voms_lifetime_s=3600)
    ran = world.run("voms-proxy-info", "-actimeleft", "--timeleft", "--file", PROXY)
    assert (ran.code, ran.stdout) == (0, "7200\n3600\n")


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("-subject", None),
        ("-issuer", DN),
        ("-identity", DN),
        ("-type", "RFC compliant proxy"),
        ("-strength", "2048"),
        ("-path", PROXY),
        ("-vo", "atlas"),
        ("-acsubject", DN),
        ("-uri", "voms.atlas.sim:15001"),
        ("-fqan", "\n".join(fqans_of("atlas", "production"))),
    ],
)
def test_each_option_prints_its_answer_alone(
    world: SiteWorld, option: str, expected: str | None
) -> None:
    wanted = world.put_proxy().subject if expected is None else expected
    ran = world.run("voms-proxy-info", option)
    assert (0, f"{wanted}\n") == (ran.code, ran.stdout)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("-exists",), 0),
        (("-exists", "-valid", "2:00"), 0),
        (("-exists", "-valid", "2:01"), 1),
        (("--exists", "--valid=1:59"), 0),
        (("-exists", "-hours", "3"), 1),
        (("-exists", "-bits", "4096"), 1),
        (("-acexists", "atlas"), 0),
        (("-acexists", "cms"), 1),
    ],
)
def test_exists_is_an_exit_code_without_a_word(
    world: SiteWorld, options: tuple[str, ...], code: int
) -> None:
    world.put_proxy(lifetime_s=7200)
    ran = world.run("voms-proxy-info", *options)
    assert (code, "") == (ran.code, ran.stdout)


def test_an_expired_proxy_is_shown_with_nothing_left(world: SiteWorld, age: Age) -> None:
    world.put_proxy(lifetime_s=60)
    age(61)
    assert (
        world.run("voms-proxy-info", "-timeleft").code,
        world.run("voms-proxy-info", "-timeleft").stdout,
    ) == (0, "0\n")
    assert world.run("voms-proxy-info", "-exists").code == 1


def test_attributes_that_have_expired_are_no_error_of_the_tool(world: SiteWorld, age: Age) -> None:
    world.put_proxy(lifetime_s=7200, voms_lifetime_s=60)
    age(61)
    ran = world.run("voms-proxy-info", "-timeleft", "-actimeleft")
    assert (ran.code, ran.stdout) == (0, "7139\n0\n")


def test_asking_for_attributes_that_are_not_there_fails_in_silence(world: SiteWorld) -> None:
    world.put_proxy(vo="")
    ran = world.run("voms-proxy-info", "-actimeleft")
    assert (ran.code, ran.stdout, ran.stderr) == (1, "", "")


def test_a_missing_proxy_is_not_found(world: SiteWorld) -> None:
    world.node.files.real(PROXY).unlink()
    ran = world.run("voms-proxy-info", "-all")
    assert (ran.code, ran.stdout, ran.stderr) == (1, "", "\nCouldn't find a valid proxy.\n\n")


def test_without_the_variable_the_default_place_is_looked_at(world: SiteWorld) -> None:
    ran = world.run("voms-proxy-info", X509_USER_PROXY="")
    assert (ran.code, ran.stderr) == (1, "\nCouldn't find a valid proxy.\n\n")


def test_a_file_that_is_no_proxy_is_none(world: SiteWorld) -> None:
    world.node.files.real(PROXY).write_text("hello\n")
    ran = world.run("voms-proxy-info")
    assert (ran.code, ran.stderr) == (1, "Couldn't find a valid proxy.\n")


def test_a_proxy_that_may_not_be_read_is_none(world: SiteWorld) -> None:
    world.node.files.real(PROXY).chmod(0)
    assert world.run("voms-proxy-info", "-timeleft").code == 1


def test_a_wrong_option_is_named(world: SiteWorld) -> None:
    ran = world.run("voms-proxy-info", "-nonsense")
    assert ran.code == 1
    assert ran.stderr.startswith("voms-proxy-info: unrecognized option '-nonsense'\n")


@pytest.mark.parametrize("passed_s", [0.0, 0.5, 59.9, 60.0, 3599.0, 3600.5, 7200.0, 1e6])
def test_the_time_left_is_right_at_any_instant(world: SiteWorld, passed_s: float) -> None:
    credential = world.put_proxy(lifetime_s=7200, voms_lifetime_s=3600)
    options = Options(flags=["timeleft", "actimeleft"])
    lines = report(credential, options, path=PROXY, now=EPOCH + passed_s)
    expected = [max(0, 7200 - int(passed_s)), max(0, 3600 - int(passed_s))]
    assert expected == [int(line) for line in lines]


# -- grid-proxy-info


def test_grid_proxy_info_prints_its_own_summary(world: SiteWorld) -> None:
    credential = world.put_proxy(lifetime_s=36 * 3600)
    ran = world.run("grid-proxy-info")
    expected = f"""subject  : {credential.subject}
issuer   : {DN}
identity : {DN}
type     : RFC 3820 compliant impersonation proxy
strength : 2048 bits
path     : {PROXY}
timeleft : 36:00:00  (1.5 days)
"""
    assert (0, expected) == (ran.code, ran.stdout)


@pytest.mark.parametrize(("valid", "code"), [("2:00", 0), ("2:01", 1), ("1:30", 0), ("24:00", 1)])
def test_grid_proxy_info_tells_validity_by_its_exit_code(
    world: SiteWorld, valid: str, code: int
) -> None:
    world.put_proxy(lifetime_s=7200)
    ran = world.run("grid-proxy-info", "-exists", "-valid", valid)
    assert (code, "") == (ran.code, ran.stdout)


def test_the_hours_as_pilots_write_them_are_no_hours_and_minutes(world: SiteWorld) -> None:
    ran = world.run("grid-proxy-info", "-exists", "-valid", "24.0:0.0")
    assert ran.code == 1
    assert "ERROR: option -valid : value must be in the format: H:M" in ran.stderr


def test_grid_proxy_info_shows_an_expired_proxy_as_minus_one(world: SiteWorld, age: Age) -> None:
    world.put_proxy(lifetime_s=60)
    age(61)
    assert world.run("grid-proxy-info", "-timeleft").stdout == "-1\n"
    assert world.run("grid-proxy-info", "-exists").code == 1


def test_grid_proxy_info_refuses_a_file_that_others_may_read(world: SiteWorld) -> None:
    world.node.files.real(PROXY).chmod(0o644)
    ran = world.run("grid-proxy-info", "-exists")
    assert ran.code == 1
    assert "Couldn't find a valid proxy." in ran.stderr
    assert "bad permissions" in ran.stderr


def test_grid_proxy_info_says_which_file_is_missing(world: SiteWorld) -> None:
    world.node.files.real(PROXY).unlink()
    ran = world.run("grid-proxy-info")
    assert ran.code == 1
    assert f"{PROXY} is not a valid file" in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--exists",), "double-dashed options are not allowed"),
        (("-valid", "1:00"), "suboption to -exists"),
        (("-exists", "-valid"), "need a non-negative integer argument"),
        (("-nonsense",), "unrecognized option"),
    ],
)
def test_grid_proxy_info_explains_a_wrong_option(
    world: SiteWorld, words: tuple[str, ...], said: str
) -> None:
    ran = world.run("grid-proxy-info", *words)
    assert ran.code == 1
    assert said in ran.stderr


@pytest.mark.parametrize(
    ("seconds", "text"), [(-5, "0:00:00"), (86400, "24:00:00"), (86401, "24:00:01  (1.0 days)")]
)
def test_days_are_shown_beyond_one(seconds: int, text: str) -> None:
    assert text == time_left(seconds)


# -- arcproxy


def test_the_four_items_that_pilots_ask_for_come_in_that_order(world: SiteWorld, age: Age) -> None:
    credential = world.put_proxy(lifetime_s=7200, voms_lifetime_s=3600)
    age(100)
    items = ("validityEnd", "validityLeft", "vomsACvalidityEnd", "vomsACvalidityLeft")
    ran = world.run("arcproxy", *(word for item in items for word in ("-i", item)))
    expected = f"{credential.not_after}\n7100\n{credential.voms_not_after}\n3500\n"
    assert (0, expected) == (ran.code, ran.stdout)


def test_without_attributes_their_items_are_empty_lines(world: SiteWorld) -> None:
    world.put_proxy(lifetime_s=7200, vo="")
    ran = world.run("arcproxy", "-i", "vomsACvalidityEnd", "-i", "vomsACvalidityLeft")
    assert (ran.code, ran.stdout) == (0, "\n\n")


def test_arcproxy_names_the_subject(world: SiteWorld) -> None:
    credential = world.put_proxy()
    assert world.run("arcproxy", "-i", "subject").stdout == f"{credential.subject}\n"


def test_an_unknown_item_is_an_error(world: SiteWorld) -> None:
    ran = world.run("arcproxy", "-i", "nonsense")
    assert (ran.code, ran.stderr) == (1, "ERROR: Information item 'nonsense' is not known\n")


def test_the_overview_speaks_of_hours_and_minutes(world: SiteWorld, age: Age) -> None:
    world.put_proxy(lifetime_s=7200, voms_lifetime_s=60)
    age(61)
    text = world.run("arcproxy", "-I").stdout
    assert "Time left for proxy: 1 hour 58 minutes 59 seconds\n" in text
    assert "====== AC extension information for VO atlas ======\n" in text
    assert "attribute : /atlas/Role=production\n" in text
    assert text.endswith("Time left for AC: AC has expired\n")


def test_arcproxy_says_where_it_found_no_proxy(world: SiteWorld) -> None:
    world.node.files.real(PROXY).unlink()
    ran = world.run("arcproxy", "-i", "validityEnd")
    said = "ERROR: Failed configuration initialization.\n"
    assert (ran.code, ran.stderr.endswith(said)) == (1, True)


def test_arcproxy_cannot_process_garbage(world: SiteWorld) -> None:
    world.node.files.real(PROXY).write_text("hello\n")
    ran = world.run("arcproxy", "-I")
    said = "ERROR: Can not read cert information from BIO\n"
    assert (1, f"{said}ERROR: Cannot process proxy file at {PROXY}.\n") == (ran.code, ran.stderr)


def test_arcproxy_expired_says_so(world: SiteWorld, age: Age) -> None:
    world.put_proxy(lifetime_s=60)
    age(61)
    assert "Time left for proxy: Proxy expired\n" in world.run("arcproxy", "-I").stdout


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 seconds"), (1, "1 second"), (3600, "1 hour"), (7325, "2 hours 2 minutes 5 seconds")],
)
def test_a_period_is_written_in_words(seconds: int, text: str) -> None:
    assert text == period(seconds)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (59, "0:00:59"), (3599, "0:59:59"), (3600, "1:00:00"), (90061, "25:01:01")],
)
def test_a_duration_is_hours_minutes_and_seconds(seconds: int, text: str) -> None:
    assert clock_text(seconds) == text


@given(st.integers(0, 200), st.integers(0, 59))
def test_valid_asks_for_hours_and_minutes(hours: int, minutes: int) -> None:
    options = Options(values={"valid": f"{hours}:{minutes:02d}"})
    assert wanted_s(options) == hours * 3600 + minutes * 60


@pytest.mark.parametrize("text", ["24", "", "x:y"])
def test_a_period_without_sense_asks_for_nothing(text: str) -> None:
    assert wanted_s(Options(values={"valid": text})) == 0


@pytest.mark.parametrize(
    ("words", "stream", "text"),
    [
        (("voms-proxy-info", "-version"), "stdout", "voms-proxy-info\nVersion: 2.1.1\n"),
        (("grid-proxy-info", "-version"), "stderr", "globus_proxy_utils-7.3\n"),
        (("arcproxy", "--version"), "stdout", "arcproxy version 6.17.0\n"),
    ],
)
def test_each_tool_knows_its_version(
    world: SiteWorld, words: tuple[str, ...], stream: str, text: str
) -> None:
    ran = world.run(*words)
    assert (ran.code, getattr(ran, stream).startswith(text)) == (0, True)


def test_grid_proxy_info_wants_minutes_from_0_to_60(world: SiteWorld) -> None:
    ran = world.run("grid-proxy-info", "-exists", "-valid", "x")
    assert (ran.code, "value must be in the format" in ran.stderr) == (1, True)
    assert world.run("grid-proxy-info", "-exists", "-valid", "0:61").code == 1
    assert world.run("grid-proxy-info", "-exists", "-valid", "0:60").code == 0

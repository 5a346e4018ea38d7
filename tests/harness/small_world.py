"""A small vocabulary and a scenario that uses it: tests of scenario files need no real registry."""

from __future__ import annotations

from harness.scenario import FaultPlan
from harness.scenario_text import Reading
from harness.scenario_text import parse_scenarios
from harness.vocabulary import FaultWords
from harness.vocabulary import Vocabulary
from simkernel import ScenarioError

FILE = "scenarios/flap.toml"
TEXT = """\
name  = "flap"
about = "the server flaps"
seed  = 7

[world]
site  = "BNL"
queue = "BNL_ATLAS_1"
start = 2026-03-01T08:00:00Z

[[job]]
inputs  = [{ size = "2 GB" }, { size = "500 MB" }]
payload = { walltime = "1h30m", outputs = [{ size = "4 GiB" }] }

[[fault]]
on = "server.acquire_jobs"
do = "http_error"
status = 503
at = { call = 2, phase = "get-job" }

[expect]
job = { state = "finished", within = "4h" }
"""


def check_fault(plan: FaultPlan) -> None:
    """Refuse a status that is none, as the registry of faults would."""
    status = plan.options.get("status", 503)
    if not isinstance(status, int):
        raise ScenarioError(f"status = {status!r} is no int", remedy="write 503")
    if plan.on == "batch.kill" and plan.at.call:
        raise ScenarioError("'batch.kill' has no calls to count", remedy="use after or phase")


def check_site(site: str, overrides: object) -> None:
    """Refuse one field, as the catalogue of sites would."""
    if "nonsense" in str(overrides):
        raise ScenarioError(f"{site} has no field 'nonsense'")


WORDS = Vocabulary(
    points=("batch.kill", "server.*", "server.acquire_jobs", "tool.*", "tool.dccp", "tool.xrdcp"),
    faults={
        "hang": (FaultWords(("tool.*", "server.*"), ()),),
        "http_error": (FaultWords(("server.*",), ("status",)),),
        "preempt": (FaultWords(("batch.kill",), ("notice",)),),
        "truncate": (FaultWords(("tool.*",), ("fraction",)), FaultWords(("door.*",), ())),
        "set": (FaultWords(("queuedata.*",), ("value",)),),
    },
    sites={"BNL": ("BNL_ATLAS_1", "BNL_ITB"), "UC": ("UC_ITB",)},
    checkers=("heartbeat-gap", "one-final-state"),
    overrides={
        "node": None,
        "batch": None,
        "storage": None,
        "queuedata": None,
        "credential": ("lifetime_s", "fqans"),
        "server": ("lost_heartbeat_s", "page_bytes"),
    },
    check_fault=check_fault,
    check_site=check_site,
)


def read(text: str) -> Reading:
    """Return what comes of *text* with the small vocabulary."""
    return parse_scenarios(text, vocabulary=WORDS, where=FILE)


def problems(text: str) -> list[str]:
    """Return every problem of *text*, as a user sees it."""
    return [str(problem) for problem in read(text).problems]


def problem(text: str) -> str:
    """Return the only problem of *text*, without the name of its file."""
    found = problems(text)
    assert 1 == len(found), found
    return found[0].removeprefix(f"{FILE}:")


def changed(old: str, new: str) -> str:
    """Return the scenario with *old* (which is there, once) replaced by *new*."""
    assert 1 == TEXT.count(old), old
    return TEXT.replace(old, new)

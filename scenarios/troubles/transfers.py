"""Copies that fail, hang, lie, or only take their time."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.scenario import File
from harness.triggers import Trigger
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import HARMLESS
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import failed
from scenarios.troubles._trouble import fault

GB = 1_000_000_000
COPY = "tool.transfer"
STAGE_IN_TIMED_OUT = (1099, 1151)
NOT_READABLE = (1099, 1331, 1361, 1368, 1374)
NOISE = "WARNING: option 12345678 is deprecated since 2018"
# Once only: the next attempt succeeds.
ONCE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("exit", {"code": 1, "stderr": "connection reset\n"}),
    ("exit", {"code": 54, "stderr": "[ERROR] Server responded with an error: [3012]"}),
    ("hang", {}),
    ("unkillable", {}),
    ("partial", {"fraction": 0.5}),
)
# (size of the file, how long it takes, phase, how often): slow, and within what a copy may take.
SLOW = (
    (10 * GB, "2h30m", "stage-in", 1),
    (9 * GB, "2h", "stage-in", 1),
    (9 * GB, "40m", "stage-in", 2),
    (GB // 2, "11m", "stage-out", 2),
    (GB // 2, "3m", "stage-out", 2),
)


def troubles() -> st.SearchStrategy[Trouble]:
    """Return transfers that are not as they should be."""
    return st.one_of(
        st.sampled_from(("tool.*", COPY)).map(
            lambda point: Trouble((fault(point, "noise", stderr=NOISE),))
        ),
        st.sampled_from(("daemon", "junk")).map(_beside),
        st.builds(_once, st.sampled_from(ONCE), st.sampled_from(("stage-in", "stage-out"))),
        st.builds(_slow, st.sampled_from(SLOW), st.booleans()),
        st.sampled_from(("hang", "unkillable")).map(_never),
        st.sampled_from(("lie", "exit", "noise", "hang")).map(_afar),
        st.sampled_from(("far_replica", "noise")).map(_replicas),
        st.builds(_silent, st.sampled_from(("corrupt", "truncate", "lie")), st.integers(1, 3)),
        st.sampled_from(("unavailable", "space", "denied")).map(_door),
    )


def _beside(do: str) -> Trouble:
    """A copy works, and leaves a daemon that holds its output, or prints what is no text."""
    options = {"both": True} if do == "junk" else {}
    return Trouble((fault(COPY, do, **options),))


def _once(kind: tuple[str, dict[str, Any]], phase: str) -> Trouble:
    do, options = kind
    # What cannot be killed keeps a file open, and a part of the pilot waiting.
    claim = OPEN if do == "unkillable" else HARMLESS
    at = Trigger(call=1, phase=phase)
    # A tool that hung is not trusted with the same file again: there has to be another.
    place = BNL if do == "hang" else None
    return Trouble((fault(COPY, do, at, **options),), place, claim=claim, cost_s=3 * 3600.0)


def _slow(pace: tuple[int, str, str, int], debug: bool) -> Trouble:
    """A large file takes long; somebody may want to see the payload's output meanwhile."""
    size, delay, phase, times = pace
    field = "inputs" if phase == "stage-in" else "outputs"
    files = {field: (File(size),)}
    return Trouble(
        (fault(COPY, "slow", Trigger(phase=phase, times=times), delay=delay),),
        place=BNL,
        job={"inputs": files["inputs"]} if phase == "stage-in" else {},
        payload={"outputs": files["outputs"]} if phase == "stage-out" else {},
        record={"debug": "True"} if debug else {},
        cost_s=3 * 3600.0,
    )


def _never(do: str) -> Trouble:
    """No input ever arrives."""
    at = Trigger(phase="stage-in", times=2 if do == "unkillable" else None)
    claim = Expectation(
        states=("failed",),
        pilot_error_codes=STAGE_IN_TIMED_OUT,
        fields={"pilotErrorDiag": ("*tim*out*", "*killed after*")},
    )
    return Trouble(
        (fault(COPY, do, at),),
        place=BNL,
        job={"inputs": (File(GB),)},
        claim=claim,
        cost_s=6 * 3600.0,
    )


def _afar(do: str) -> Trouble:
    """The inputs are read from afar, and whoever looks whether they can be is told nothing good."""
    said = "gfal-sum error: 70 (Communication error on send) - could not open connection"
    options = {"code": 70, "stderr": said} if do == "exit" else {}
    return Trouble(
        (fault("tool.gfal-sum", do, Trigger(phase="stage-in"), **options),),
        place=BNL,
        job={"inputs": (File(2 * GB),) * 3},
        record={"transferType": "direct"},
        claim=HARMLESS if do == "noise" else failed(*NOT_READABLE),
    )


def _replicas(do: str) -> Trouble:
    """Only the catalogue knows where the inputs are."""
    return Trouble(
        (fault("tool.replicas", do),),
        place=BNL,
        job={"inputs": (File(GB),)},
        record={"ddmEndPointIn": ""},
    )


def _silent(do: str, call: int) -> Trouble:
    """An input is not what it was, and no tool says so."""
    # What goes bad in silence after an upload is for nobody on the node to see.
    return Trouble((fault(COPY, do, Trigger(call=call, phase="stage-in")),), claim=OPEN)


def _door(kind: str) -> Trouble:
    """The storage says no for a while."""
    return Trouble(
        (fault("door.BNL_DATADISK", "error", Trigger(times=2), kind=kind),), place=BNL, claim=OPEN
    )

"""What the pilot watches while a payload runs: memory, disk, CPU time, files, signs of life."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.triggers import Trigger
from scenarios.troubles._trouble import ATLAS
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import failed
from scenarios.troubles._trouble import fault

HOUR_S = 3600.0
# What ps says of memory, before the CPU time, is no whole number.
PATTERN = r"(\d+)(\s+\d\d:\d\d:\d\d)"
INSTEAD = (r"\1.0\2", r"None\2")
# How long pilot and payload are stopped: longer and shorter than a looping job may take.
STOPPED = ("10m", "2h20m")


def troubles() -> st.SearchStrategy[Trouble]:
    """Return payloads that a watchdog must catch, and others that it must leave in peace."""
    return st.one_of(
        st.sampled_from((60.0, 20.0)).map(_vanishing),
        st.sampled_from(INSTEAD).map(
            lambda text: Trouble(
                (fault("tool.ps", "garble", pattern=PATTERN, instead=text),),
                payload={"walltime_s": 2 * HOUR_S},
            )
        ),
        st.sampled_from(("15m", "30m")).map(_absurd),
        st.sampled_from(STOPPED).map(_suspended),
        st.sampled_from(("60 GB", "200 GB")).map(_scratch),
        st.sampled_from(("20 GB", "8 GB")).map(_memory),
        st.just(Trouble((fault("payload", "hang"),), claim=OPEN)),
        st.just(Trouble((fault("payload", "huge_stdout"),), claim=OPEN)),
        st.builds(_helper, st.sampled_from(("2m", "10m")), st.booleans(), st.booleans()),
    )


def _vanishing(every_s: float) -> Trouble:
    return Trouble(
        (fault("payload", "vanishing", every=f"{every_s:g}s"),),
        payload={"walltime_s": 2 * HOUR_S},
    )


def _absurd(lasting: str) -> Trouble:
    """For a while the kernel tells of 46 days of CPU time; they must not be accounted."""
    absurd = fault("payload", "absurd_cpu", seconds="4000000s", fraction=0.25, lasting=lasting)
    return Trouble(
        (absurd,),
        payload={"walltime_s": 2 * HOUR_S, "cpu": 0.95, "cores": 1},
        claim=Expectation(
            states=("finished", "closed"), fields={"cpuConsumptionTime": ("", "6000..9000")}
        ),
    )


def _suspended(for_: str) -> Trouble:
    """Pilot and payload are stopped by the batch system, and go on later."""
    return Trouble(
        (
            fault(
                "batch.kill", "suspend", Trigger(phase="payload", after_s=2400.0), **{"for": for_}
            ),
            fault("payload", "pause", after="40m", **{"for": for_}),
        ),
        payload={"walltime_s": 3 * HOUR_S},
        cost_s=3 * HOUR_S,
    )


def _scratch(size: str) -> Trouble:
    """The work directory becomes larger than the queue allows."""
    return Trouble(
        (
            fault("queuedata.maxwdir", "set", value=20_000),
            fault("payload", "huge_stdout", file="scratch.dat", size=size),
        ),
        place=BNL,
        payload={"walltime_s": 2 * HOUR_S},
        claim=failed(1104),
    )


def _memory(growth: str) -> Trouble:
    """The payload needs more memory every minute, beyond what the queue allows."""
    return Trouble(
        (
            fault("queuedata.maxrss", "set", value=4000),
            fault("payload", "memory_ramp", growth=growth),
        ),
        **{**ATLAS, "payload": {"walltime_s": 2 * HOUR_S}},
        claim=failed(1212, 1235),
    )


def _helper(delay: str, once: bool, lingers: bool) -> Trouble:
    """The memory monitor dies beside the payload, once or always; stage-out may take a while."""
    dies = fault("tool.prmon", "exit", Trigger(call=1 if once else None), code=1, delay=delay)
    slow = fault("tool.transfer", "slow", Trigger(phase="stage-out"), delay="5m")
    return Trouble((dies, slow) if lingers else (dies,), **ATLAS)

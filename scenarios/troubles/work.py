"""Work of an unusual kind: jobs as they may well be, with nothing that goes wrong."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.scenario import File
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import Trouble

MB = 1_000_000
DAY_S = 86_400.0
# So many names of this length are more than one argument of a command can hold (128 KiB).
MANY = (30, 600)
NAME = "mc23_13p6TeV.{number:06}." + "a_long_name_of_a_dataset." * 8 + "pool.root.1"


def troubles() -> st.SearchStrategy[Trouble]:
    """Return jobs that differ from most."""
    return st.one_of(
        st.just(Trouble(payload={"outputs": ()})),
        st.sampled_from((2, 1)).map(_orphans),
        st.sampled_from((8, 4)).map(_cores),
        st.sampled_from((4.0, 1.0)).map(_unread),
        st.sampled_from(MANY).map(_many),
        st.just(Trouble(place=BNL, record={"debug": "True"})),
    )


def _orphans(count: int) -> Trouble:
    """A payload leaves processes behind, on a node where nobody says to spare those of others."""
    return Trouble(world={"environ": {"PILOT_NOKILL": ""}}, payload={"orphans": count})


def _cores(cores: int) -> Trouble:
    """A job keeps several cores busy, and the pilot says how many."""
    return Trouble(
        place=BNL,
        world={"queuedata": {"corecount": cores}},
        record={"coreCount": cores},
        payload={"cores": cores, "walltime_s": 3500.0, "cpu": 0.95},
        claim=Expectation(
            states=("finished", "closed"),
            fields={"meanCoreCount": (f"{cores * 0.75:g}..{cores * 1.25:g}",)},
        ),
    )


def _unread(gigabytes: float) -> Trouble:
    """The inputs are read from afar."""
    inputs = (File(int(gigabytes * 1000) * MB),) * 3
    return Trouble(place=BNL, job={"inputs": inputs}, record={"transferType": "direct"})


def _many(count: int) -> Trouble:
    """Nobody planned for so many inputs."""
    inputs = tuple(File(MB, NAME.format(number=number)) for number in range(count))
    # Two jobs would read files of one name and different contents: nothing is claimed of those.
    return Trouble(
        place=BNL, job={"inputs": inputs}, claim=Expectation(states=("finished",)), cost_s=DAY_S
    )

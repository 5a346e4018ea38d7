"""What is written about a queue: limits, words of a catchall, fields that are odd or missing."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.scenario import File
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import fault

GB = 1_000_000_000
CATCHALLS = (
    "allow_altstageout",
    "None",
    "IMAGE_BASE=/cvmfs/unpacked.cern.ch",
    "disableautooffline,IMAGE_BASE=/cvmfs/unpacked.cern.ch,multipilots=4",
    " 'IMAGE_BASE = /cvmfs/unpacked.cern.ch' ,,=, ==x,allow_altstageout=",
)
# (maxwdir in MB, corecount): 10 GB fit into the share of a job of one core.
SHARES = ((50_000, 4), (20_000, 1), (100_000, 8))
FIELDS = ("catchall", "maxrss", "maxwdir", "maxtime", "corecount", "copytools", "timefloor")
LOGSTASH = {"REALTIME_LOGGING_SERVER": "logstash;http://pandaserver.sim:5044"}


def troubles() -> st.SearchStrategy[Trouble]:
    """Return queues that differ from most."""
    return st.one_of(
        st.just(Trouble(world={"queuedata": {"timefloor_min": 0}})),
        st.sampled_from(CATCHALLS).map(
            lambda text: Trouble((fault("queuedata.catchall", "set", value=text),))
        ),
        st.sampled_from(SHARES).map(_share),
        st.just(Trouble(place=BNL, world={"environ": LOGSTASH})),
        st.builds(_odd, st.sampled_from(FIELDS), st.sampled_from(("null", "quotes", "newline"))),
        st.sampled_from(FIELDS).map(lambda name: _odd(name, "missing")),
    )


def _share(limits: tuple[int, int]) -> Trouble:
    """A job of one core on a queue of more: it may have its share of the directory."""
    largest, cores = limits
    return Trouble(
        (
            fault("queuedata.maxwdir", "set", value=largest),
            fault("queuedata.corecount", "set", value=cores),
        ),
        place=BNL,
        job={"inputs": (File(8 * GB),)},
        record={"coreCount": 1},
        payload={"outputs": (File(2 * GB),)},
    )


def _odd(name: str, do: str) -> Trouble:
    return Trouble((fault(f"queuedata.{name}", do),), claim=OPEN)

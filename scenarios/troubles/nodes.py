"""The worker node: its folders, its tools, its disk, what it calls itself."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.triggers import Trigger
from scenarios.troubles._trouble import ATLAS
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import fault

COPY_TOOLS = ["xrdcp", "lsm-get", "lsm-put"]
# 64: /cvmfs; 69 and 71: what else may be said of it.
NO_CVMFS = (64, 69, 71)
# Of these a pilot may go home, or not; it may not lie, nor stay for ever.
CONDITIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("node.hostname", "wrong_name", {}),
    ("node.account", "no_account", {}),
    ("node.load", "overload", {}),
    ("node.cores", "cpu_quota", {}),
    ("node.environ", "unset_variable", {"variable": "HOME"}),
    ("node.environ", "wrong_variable", {"variable": "TMPDIR"}),
    ("node.tools", "not_installed", {"tools": ["curl"]}),
    ("node.disk", "few_inodes", {"left": 20}),
    ("node.disk", "disk_full", {"free": "1 MB"}),
    ("node.disk", "noexec", {}),
)


def troubles() -> st.SearchStrategy[Trouble]:
    """Return nodes that are not quite in order."""
    return st.one_of(
        st.sampled_from((BNL, None)).map(_stale),
        st.sampled_from(("/usr/sbin", "/sbin")).map(_only_there),
        st.sampled_from(("gone", "hang")).map(_no_cvmfs),
        st.sampled_from(CONDITIONS).map(
            lambda row: Trouble((fault(row[0], row[1], **row[2]),), claim=OPEN)
        ),
        st.builds(_full, st.sampled_from(("payload", "stage-in", "stage-out"))),
    )


def _stale(place: tuple[str, str] | None) -> Trouble:
    """The copy of the definitions on /cvmfs is older than the queue."""
    where = place or ("BNL", "BNL_ATLAS_2")
    return Trouble((fault("node.cvmfs", "stale_copy"),), place=where)


def _only_there(folder: str) -> Trouble:
    """The copy tools are in a folder that the PATH of the batch job does not name."""
    path = {"variable": "PATH", "value": "/usr/bin:/bin"}
    return Trouble(
        (
            fault("node.environ", "wrong_variable", **path),
            fault("node.tools", "only_in", tools=COPY_TOOLS, folder=folder),
        ),
        place=BNL,
    )


def _no_cvmfs(do: str) -> Trouble:
    """The repositories of software are gone, or do not answer: no job must be taken."""
    gone = Expectation(states=("activated",), exit_codes=NO_CVMFS)
    return Trouble((fault("node.cvmfs", do),), **ATLAS, claim=gone if do == "gone" else OPEN)


def _full(phase: str) -> Trouble:
    """Somebody else fills the disk."""
    return Trouble((fault("node.disk", "disk_full", Trigger(phase=phase)),), claim=OPEN)

"""The walls around guests on this machine, one by one: which stand, what each contains.

What a wall contains is said in a few words here; each way out that was tried, and what came of it,
is in tests/guest/hostile, and what is not contained in the boundary table (guest/boundary.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Mapping

from harness.grounds import BWRAP
from harness.grounds import FIRST
from harness.grounds import LEFT_OUT
from harness.grounds import SEEN
from harness.grounds import SPACES
from harness.grounds import WALLS_VARIABLE

Found = Mapping[str, Any]

TREE = f"the run seen at {SEEN}; no homes, no /tmp, /run, /var, /sys of the machine; read-only"
# Switch of the kernel -> the value that forbids namespaces to ordinary users, and what to do.
SWITCHES = {
    "/proc/sys/user/max_user_namespaces": ("0", "sysctl user.max_user_namespaces=10000"),
    "/proc/sys/kernel/unprivileged_userns_clone": (
        "0",
        "sysctl kernel.unprivileged_userns_clone=1",
    ),
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
}
CONTAINER = "in a container: --security-opt seccomp=unconfined --security-opt apparmor=unconfined"


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall: whether it *stands*, what it *contains*, and what to do if it does not."""

    name: str
    stands: bool
    contains: str
    remedy: str = ""


def walls(found: Found, *, wanted: str, read: Callable[[str], str] | None = None) -> list[Wall]:
    """Return the walls, the first one first; *found* is what probing gave.

    *wanted* is what FLIGHTSIM_WALLS says. *read* returns the text of a file of /proc.
    """
    left_out = ""
    if wanted:
        left_out = f"{WALLS_VARIABLE}={wanted} leaves out {LEFT_OUT[wanted]}: unset it"
    filtered = bool(found.get("seccomp")) and wanted not in (FIRST, SPACES)
    spaces = remedy_for_spaces(found, read or _read)
    return [
        Wall("audit hook", True, "what Python itself opens, starts, signals and connects"),
        Wall(
            "filter of system calls",
            filtered,
            "native code that starts, signals, traces, connects or mounts",
            left_out or "seccomp is missing, or this is neither x86_64 nor aarch64",
        ),
        _landlock(found, wanted, left_out),
        *_spaces(found, left_out or spaces),
        Wall(
            "no privilege",
            not found.get("capabilities", True) and wanted != FIRST,
            "no capability, none to be had by exec, no core file",
            left_out,
        ),
        Wall(
            "fixed addresses",
            bool(found.get("aslr_off")) and wanted != FIRST,
            "no wall, but the ids of objects are the same in every run",
            left_out or "a container's profile refuses personality(2): " + CONTAINER,
        ),
    ]


def _landlock(found: Found, wanted: str, left_out: str) -> Wall:
    if found.get("read_only"):
        return Wall("Landlock", True, "not needed: the tree is read-only")
    stands = found.get("landlock", 0) >= 2 and wanted not in (FIRST, SPACES)
    contains = "files written by native code; not their modes, owners, times"
    return Wall("Landlock", stands, contains, left_out or "Linux 5.19 or newer has it")


def _spaces(found: Found, remedy: str) -> list[Wall]:
    given = set(found.get("spaces", ()))
    by = ", by bubblewrap" if found.get("by") == BWRAP else ""
    by += ", in a user namespace" if "user" in given else ""
    return [
        Wall(f"mount namespace{by}", "mnt" in given and bool(found["read_only"]), TREE, remedy),
        Wall("pid namespace", "pid" in given, "no other process is there to be signalled", remedy),
        Wall(
            "network namespace",
            "net" in given,
            "no interface, no abstract socket of the machine",
            remedy,
        ),
        Wall("ipc namespace", "ipc" in given, "no shared memory, no queue of the machine", remedy),
        Wall("uts namespace", "uts" in given, "not the machine's name", remedy),
    ]


def remedy_for_spaces(found: Found, read: Callable[[str], str]) -> str:
    """Return what to do about namespaces that this user does not get."""
    switched = [
        do for path, (forbids, do) in sorted(SWITCHES.items()) if read(path).strip() == forbids
    ]
    what = " or ".join([*(switched or [CONTAINER]), "install bubblewrap"])
    return f"{found.get('why') or 'refused'}; {what}"


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""

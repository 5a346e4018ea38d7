"""A job may use as many cores as its queue promises."""

from __future__ import annotations

from typing import Optional

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import unknown
from siteverify.queuedata import QueuedataError
from siteverify.queuedata import load
from siteverify.queuedata import number_in
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

GROUP_FILE = "/proc/self/cgroup"
GROUP_ROOT = "/sys/fs/cgroup"


@check(
    "res.cores",
    title="usable cores",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Give the slot as many cores as the queue's corecount, or lower corecount in CRIC.",
        ("nproc", "taskset -cp $$", "cat /sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)/cpu.max"),
    ),
    depends_on=("panda.queue.known",),
    timeout_s=30.0,
    quick=True,
)
def cores_are_usable(vantage: Vantage, settings: Settings) -> Outcome:
    """Take the smaller of the affinity mask and the cgroup quota, not the node's core count."""
    try:
        needed = _needed(vantage, settings)
    except QueuedataError as error:
        return unknown(error.reason_code, str(error), owner=error.owner)
    cpus, quota = vantage.cpus(), _quota(vantage)
    usable = float(cpus.usable) if quota is None else min(float(cpus.usable), quota)
    details = (
        f"{cpus.online} in the node, {cpus.usable} by affinity",
        "no cgroup quota" if quota is None else f"cgroup quota {quota:g}",
    )
    text = f"{usable:g} usable, {needed} needed"
    if usable < needed:
        return failed(
            "CORES_FEW", text, measured=usable, threshold=needed, unit="cores", details=details
        )
    return passed(text, measured=usable, threshold=needed, unit="cores", details=details)


def _needed(vantage: Vantage, settings: Settings) -> int:
    if settings.cores or not settings.queue:
        return settings.cores or 1
    value = number_in(load(vantage, settings).get("corecount"))
    return max(1, int(value or 1))  # a pilot, too, takes none for one


def _quota(vantage: Vantage) -> Optional[float]:
    """Return the cores that the cgroup (version 2) of this process allows, None for any."""
    try:
        groups = vantage.read_text(GROUP_FILE)
        path = next((ln[3:] for ln in groups.splitlines() if ln.startswith("0::")), "/")
        words = vantage.read_text(f"{GROUP_ROOT}{path.rstrip('/')}/cpu.max").split()
    except VantageError:
        return None  # version 1, or none at all
    if len(words) != 2 or not all(word.isdecimal() for word in words) or words[1] == "0":
        return None
    return int(words[0]) / int(words[1])

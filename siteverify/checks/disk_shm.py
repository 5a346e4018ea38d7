"""Shared memory is mounted and has room."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.reasons import word_for
from siteverify.settings import MB
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

PLACE = "/dev/shm"
FREE_MIN_BYTES = 64 * MB
PROBE_BYTES = 4096


@check(
    "disk.shm",
    title="shared memory",
    severity=Severity.WARNING,
    owner=Owner.SITE,
    remedy=Remedy(
        "Mount /dev/shm with mode 1777; in a container, give it a size.", ("df -h /dev/shm",)
    ),
    timeout_s=20.0,
)
def shared_memory_is_usable(vantage: Vantage, _: Settings) -> Outcome:
    """Measure /dev/shm and write a little there; multi-process payloads need it."""
    try:
        free = vantage.space(PLACE).free_bytes
        intact = vantage.write_probe(PLACE, size_bytes=PROBE_BYTES)
    except VantageError as error:
        return failed(f"SHM_{word_for(error)}", f"shared memory: {error}")
    measured, needed = round(free / MB, 1), FREE_MIN_BYTES / MB
    if free < FREE_MIN_BYTES:
        text = f"{measured} MB free in {PLACE}, at least {needed:g} MB are needed"
        return failed("SHM_FULL", text, measured=measured, threshold=needed, unit="MB")
    if not intact:
        return failed("SHM_CORRUPTS", f"a file in {PLACE} came back different")
    return passed(f"{measured} MB free", measured=measured, threshold=needed, unit="MB")

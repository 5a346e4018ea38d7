"""There is space in the directory where a job works."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import warned
from siteverify.reasons import word_for
from siteverify.settings import GB
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError


@check(
    "disk.space.work",
    title="available space of the work directory",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Clean the scratch partition of left-over jobs, or give it more space.",
        ("df -h .", "du -xsh ../* | sort -h | tail"),
    ),
    timeout_s=15.0,
    quick=True,
)
def work_directory_has_space(vantage: Vantage, settings: Settings) -> Outcome:
    """Measure what an ordinary user may still write.

    Nothing at all is the worst case, not "no value": a test for truth before the comparison has
    let 0.0 MB through (pilot error 1098 was never raised).
    """
    directory = settings.work_dir or vantage.cwd()
    try:
        free = vantage.space(directory).free_bytes
    except VantageError as error:
        return failed(f"DISK_{word_for(error)}", f"work directory: {error}")
    measured, needed = round(free / GB, 3), settings.space_fail_bytes / GB
    if free < settings.space_fail_bytes:
        text = f"{measured} GB free in {directory}, at least {needed:g} GB are needed"
        return failed("DISK_FULL", text, measured=measured, threshold=needed, unit="GB")
    if free < settings.space_warn_bytes:
        wanted = settings.space_warn_bytes / GB
        text = f"{measured} GB free in {directory}, {wanted:g} GB are recommended"
        return warned("DISK_LOW", text, measured=measured, threshold=wanted, unit="GB")
    text = f"{measured} GB free in {directory}"
    return passed(text, measured=measured, threshold=needed, unit="GB")

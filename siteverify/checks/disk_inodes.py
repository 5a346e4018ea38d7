"""There are inodes left in the directory where a job works."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

FREE_MIN = 10_000
SHARE_MIN = 0.01


@check(
    "disk.inodes",
    title="free inodes of the work directory",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Remove the many small files of left-over jobs: df shows space, and create still fails.",
        ("df -i .",),
    ),
    timeout_s=15.0,
    quick=True,
)
def work_directory_has_inodes(vantage: Vantage, settings: Settings) -> Outcome:
    """Count free inodes; a file system that counts none (btrfs) has no such limit."""
    directory = settings.work_dir or vantage.cwd()
    try:
        space = vantage.space(directory)
    except VantageError as error:
        return failed(f"INODES_{word_for(error)}", f"work directory: {error}")
    if space.total_inodes == 0:
        return passed("the file system does not count inodes")
    needed = max(FREE_MIN, int(space.total_inodes * SHARE_MIN))
    text = f"{space.free_inodes} of {space.total_inodes} inodes free in {directory}"
    if space.free_inodes < needed:
        return failed(
            "INODES_FEW", text, measured=space.free_inodes, threshold=needed, unit="inodes"
        )
    return passed(text, measured=space.free_inodes, threshold=needed, unit="inodes")

"""What is written in the work directory comes back."""

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


@check(
    "disk.write.real",
    title="writability of the work directory",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Look at quotas, at a read-only remount, and at the disk: ENOSPC with free space is a"
        " quota or a lack of inodes, EROFS and EIO are a dying disk.",
        ("quota -s", "mount | grep $(df --output=target . | tail -1)", "dmesg | tail"),
    ),
    timeout_s=60.0,
)
def work_directory_keeps_what_is_written(vantage: Vantage, settings: Settings) -> Outcome:
    """Write, sync, read back and delete some megabytes; df alone does not notice a quota."""
    directory, size = settings.work_dir or vantage.cwd(), settings.write_bytes
    try:
        intact = vantage.write_probe(directory, size_bytes=size, timeout_s=50.0)
    except VantageError as error:
        return failed(f"WRITE_{word_for(error)}", f"cannot write: {error}")
    if not intact:
        return failed("WRITE_CORRUPTS", f"a file in {directory} came back different")
    return passed(f"{size / MB:g} MB written and read in {directory}")

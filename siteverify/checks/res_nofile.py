"""A job may open enough files."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import unknown
from siteverify.outcome import warned
from siteverify.settings import Settings
from siteverify.vantage import Vantage

NEEDED = 4096


@check(
    "res.nofile",
    title="limit on open files",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Raise nofile for the batch system's jobs (limits.d, or LimitNOFILE of its service).",
        ("ulimit -Sn; ulimit -Hn",),
    ),
    quick=True,
)
def enough_files_can_be_open(vantage: Vantage, _: Settings) -> Outcome:
    """Look at both limits: a low soft one can be raised by the job, a low hard one cannot."""
    limit = vantage.limits().get("nofile")
    if limit is None:
        return unknown("NOFILE_UNREAD", "the limit on open files cannot be read")
    if limit.hard is not None and limit.hard < NEEDED:
        text = f"at most {limit.hard} files may be open, {NEEDED} are needed"
        return failed("NOFILE_LOW", text, measured=limit.hard, threshold=NEEDED, unit="files")
    if limit.soft is not None and limit.soft < NEEDED:
        text = f"{limit.soft} files may be open unless a job raises the limit to {NEEDED}"
        return warned("NOFILE_SOFT", text, measured=limit.soft, threshold=NEEDED, unit="files")
    measured = "unlimited" if limit.soft is None else limit.soft
    return passed(f"{measured} files", measured=measured, threshold=NEEDED, unit="files")

"""HOME is a directory that a job can write to."""

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

PROBE_BYTES = 4096


@check(
    "env.home",
    title="home directory",
    severity=Severity.WARNING,
    owner=Owner.SITE,
    remedy=Remedy(
        "Give jobs a writable HOME, or point HOME to the scratch directory.",
        ("ls -ld $HOME", "touch $HOME/.probe"),
    ),
)
def home_is_writable(vantage: Vantage, _: Settings) -> Outcome:
    """Look at HOME and write a small file there; on AFS a job's token ends before the job does."""
    home = vantage.env().get("HOME", "")
    if not home:
        return failed("HOME_UNSET", "HOME is not set")
    if home.startswith("/afs/"):
        return failed("HOME_AFS", f"HOME is on AFS: {home}")
    try:
        kind = vantage.stat(home).kind
        intact = kind == "dir" and vantage.write_probe(home, size_bytes=PROBE_BYTES)
    except VantageError as error:
        return failed(f"HOME_{word_for(error)}", f"HOME: {error}")
    if kind != "dir":
        return failed("HOME_NO_DIRECTORY", f"HOME {home} is not a directory")
    if not intact:
        return failed("HOME_CORRUPTS", f"a file in {home} came back different")
    return passed(home)

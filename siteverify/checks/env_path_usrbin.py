"""PATH names the system's own directories."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.settings import Settings
from siteverify.vantage import Vantage

NEEDED = ("/usr/bin", "/bin", "/usr/sbin")


@check(
    "env.path.usrbin",
    title="system directories in PATH",
    severity=Severity.WARNING,
    owner=Owner.SITE,
    remedy=Remedy(
        "Add the missing directories to the jobs' PATH.", ("export PATH=$PATH:/usr/sbin",)
    ),
    depends_on=("env.path.unset",),
    quick=True,
)
def system_directories_are_in_path(vantage: Vantage, _: Settings) -> Outcome:
    """Look for each directory; at one site lspci was missing because /usr/sbin was."""
    words = [word.rstrip("/") for word in vantage.env().get("PATH", "").split(":")]
    missing = [directory for directory in NEEDED if directory not in words]
    if missing:
        return failed("PATH_LACKS", f"PATH lacks {', '.join(missing)}", details=(":".join(words),))
    return passed(", ".join(NEEDED))

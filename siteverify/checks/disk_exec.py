"""A script in the work directory can be run."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import unknown
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError


@check(
    "disk.exec",
    title="execution in the work directory",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy("Mount the scratch partition without noexec.", ("mount | grep noexec",)),
    depends_on=("disk.write.real",),
    timeout_s=20.0,
)
def work_directory_lets_scripts_run(vantage: Vantage, settings: Settings) -> Outcome:
    """Put a script there and run it: payloads are scripts in the work directory."""
    directory = settings.work_dir or vantage.cwd()
    try:
        works = vantage.exec_probe(directory)
    except VantageError as error:
        return unknown(f"EXEC_{word_for(error)}", f"cannot try: {error}")
    if not works:
        return failed("EXEC_DENIED", f"a script in {directory} cannot be run (noexec?)")
    return passed(directory)

"""The list of processes can be read."""

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

COMMAND = ("ps", "-eo", "pid,ppid,stat,comm")
TIMEOUT_S = 60.0


@check(
    "proc.ps",
    title="list of processes",
    # The catalogue that this comes from says W. A pilot asks ps every minute, without a time
    # limit: where it hangs, heartbeats stop. That is more than a warning.
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Look for processes in state D, which make ps hang; remount what they wait for.",
        ("cat /proc/*/stat | awk '$3 == \"D\"'", "mount | grep -e nfs -e cvmfs"),
    ),
    depends_on=("env.path.unset",),
    timeout_s=70.0,
)
def processes_can_be_listed(vantage: Vantage, _: Settings) -> Outcome:
    """Run ps as a pilot does (pilot3@a090538b:pilot/util/processes.py) and look for rows."""
    try:
        ran = vantage.run(COMMAND, timeout_s=TIMEOUT_S)
    except VantageError as error:
        return failed(f"PS_{word_for(error)}", f"ps: {error}")
    if ran.timed_out:
        text = f"ps did not end in {TIMEOUT_S:g} s"
        return failed("PS_HANG", text, measured=ran.seconds, threshold=TIMEOUT_S, unit="s")
    rows = [line for line in ran.stdout.splitlines()[1:] if line.split()]
    if ran.code != 0:
        return failed("PS_CODE", f"ps ended with code {ran.code}", measured=ran.code, threshold=0)
    if not rows:
        return failed("PS_EMPTY", "ps shows no process at all")
    return passed(f"{len(rows)} processes", measured=len(rows), unit="processes")

"""A python3 that runs a pilot."""

from __future__ import annotations

import re

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.reasons import word_for
from siteverify.redaction import scrub
from siteverify.settings import Settings
from siteverify.vantage import Ran
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

MINIMUM = (3, 6)
TIMEOUT_S = 30.0
SCRIPT = "import sys, ssl, json, ctypes; print('python %d.%d.%d' % sys.version_info[:3])"
VERSION = re.compile(r"^python (\d+)\.(\d+)\.(\d+)$", re.M)


@check(
    "env.python",
    title="for a usable python3",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Install python3 with ssl, json and ctypes, and put it into the jobs' PATH.",
        (f'python3 -c "{SCRIPT}"',),
    ),
    depends_on=("env.path.unset",),
    timeout_s=40.0,
    quick=True,
)
def python_is_usable(vantage: Vantage, _: Settings) -> Outcome:
    """Run python3, import what a pilot needs, and compare the version as numbers.

    As text, 3.10 is less than 3.6: a wrapper once refused it (pilot-wrapper 487457a).
    """
    try:
        ran = vantage.run(["python3", "-c", SCRIPT], timeout_s=TIMEOUT_S)
    except VantageError as error:
        return failed(f"PYTHON_{word_for(error)}", f"python3: {error}")
    if ran.timed_out:
        return failed("PYTHON_HANG", f"python3 did not end in {TIMEOUT_S:g} s")
    return _judged(ran)


def _judged(ran: Ran) -> Outcome:
    found = VERSION.search(ran.stdout)
    if ran.code != 0 or found is None:
        # Scrubbed as a whole: one line of a key does not look like one.
        last = (scrub(ran.stderr).strip().splitlines() or [f"exit code {ran.code}"])[-1]
        return failed("PYTHON_BROKEN", f"python3 lacks what a pilot needs: {last}")
    version, lowest = found[0].split()[1], ".".join(str(number) for number in MINIMUM)
    if (int(found[1]), int(found[2])) < MINIMUM:
        text = f"python3 is {version}, at least {lowest} is needed"
        return failed("PYTHON_OLD", text, measured=version, threshold=lowest)
    return passed(version, measured=version, threshold=lowest)

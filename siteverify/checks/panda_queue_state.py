"""The PanDA queue is active and takes jobs."""

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
from siteverify.queuedata import QueuedataError
from siteverify.queuedata import bare
from siteverify.queuedata import load
from siteverify.queuedata import shown
from siteverify.settings import Settings
from siteverify.vantage import Vantage

ACTIVE = "ACTIVE"
OPEN = ("online", "test")
RESTING = ("brokeroff", "paused")
CLOSED = "offline"


@check(
    "panda.queue.state",
    title="state of the PanDA queue",
    severity=Severity.CRITICAL,
    owner=Owner.VO,
    remedy=Remedy(
        "Set the queue online (or test) and ACTIVE in CRIC; look who set it otherwise, and why."
    ),
    depends_on=("panda.queue.known",),
    needs=("queue",),
    timeout_s=30.0,
    quick=True,
)
def queue_takes_jobs(vantage: Vantage, settings: Settings) -> Outcome:
    """Compare state and status as a pilot does (pilot3@a090538b:pilot.py, lines 150-161).

    A pilot stops unless state is exactly ACTIVE (1359) and if status is offline (1386); a word
    that nobody knows lets it run, and hides an error in the definition.
    """
    try:
        queue = load(vantage, settings)
    except QueuedataError as error:
        return unknown(error.reason_code, str(error), owner=error.owner)
    state, status = queue.get("state"), queue.get("status")
    if state != ACTIVE:
        text = f"state is {shown(state)}, not {ACTIVE}"
        return failed("QUEUE_STATE", text, measured=shown(state), threshold=ACTIVE)
    return _judged(status)


def _judged(status: object) -> Outcome:
    word = status.lower() if isinstance(status, str) else ""
    if word in OPEN:
        return passed(f"{ACTIVE}, {word}", measured=word)
    if word in RESTING:
        return warned("QUEUE_RESTS", f"status is {word}: no new jobs", measured=word)
    if word == CLOSED:
        return failed("QUEUE_OFFLINE", "status is offline", measured=word)
    hint = " (with stray quotes or line ends)" if bare(word) in (*OPEN, *RESTING, CLOSED) else ""
    text = f"status is {shown(status)}{hint}, which no pilot knows"
    return failed("QUEUE_STATUS_ODD", text, measured=shown(status), threshold=", ".join(OPEN))

"""The PanDA queue exists, and its definition has what a pilot cannot do without."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.queuedata import QueuedataError
from siteverify.queuedata import bare
from siteverify.queuedata import has_value
from siteverify.queuedata import load
from siteverify.queuedata import shown
from siteverify.settings import Settings
from siteverify.vantage import Vantage

REQUIRED = ("nickname", "panda_resource", "state", "status", "copytools")


@check(
    "panda.queue.known",
    title="definition of the PanDA queue",
    severity=Severity.CRITICAL,
    owner=Owner.VO,
    remedy=Remedy(
        "Correct the queue in CRIC, and wait for the cache of the PanDA server to follow.",
        ("curl -s http://pandaserver.cern.ch:25085/cache/schedconfig/QUEUE.all.json",),
    ),
    depends_on=("net.dns",),
    needs=("queue",),
    timeout_s=30.0,
    quick=True,
)
def queue_is_known(vantage: Vantage, settings: Settings) -> Outcome:
    """Fetch the definition and look for the keys of pilot3@a090538b:pilot/info/queuedata.py."""
    try:
        queue = load(vantage, settings)
    except QueuedataError as error:
        return failed(error.reason_code, str(error), owner=error.owner)
    lacking = [key for key in REQUIRED if not has_value(queue.get(key))]
    if lacking:
        details = tuple(f"{key}: {shown(queue.get(key))}" for key in lacking)
        text = f"no value for {', '.join(lacking)}"
        return failed("QUEUE_NULL", text, details=details)
    name = bare(str(queue["nickname"]))
    if name != settings.queue:
        text = f"asked for {settings.queue}, got the definition of {shown(name)}"
        return failed("QUEUE_OTHER", text, measured=name, threshold=settings.queue)
    return passed(f"{name}, {len(queue)} fields")

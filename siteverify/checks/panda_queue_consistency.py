"""The fields of the PanDA queue have values that make sense, alone and together."""

from __future__ import annotations

from typing import Any

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
from siteverify.queuedata import has_value
from siteverify.queuedata import load
from siteverify.queuedata import number_in
from siteverify.queuedata import shown
from siteverify.settings import Settings
from siteverify.vantage import Vantage

# The least that makes sense; corecount 0 and maxwdir 0 have killed jobs.
NUMBERS = {"corecount": 1, "maxrss": 1, "maxwdir": 1, "maxtime": 1, "timefloor": 0}
OBJECTS = ("copytools", "acopytools", "astorages")
MINUTE_S = 60


@check(
    "panda.queue.consistency",
    title="consistency of the PanDA queue",
    severity=Severity.ERROR,
    owner=Owner.VO,
    remedy=Remedy("Correct the named fields of the queue in CRIC."),
    depends_on=("panda.queue.known",),
    needs=("queue",),
    timeout_s=30.0,
)
def queue_makes_sense(vantage: Vantage, settings: Settings) -> Outcome:
    """Apply the rules below; numbers written as text are only a warning, a pilot casts them."""
    try:
        queue = load(vantage, settings)
    except QueuedataError as error:
        return unknown(error.reason_code, str(error), owner=error.owner)
    wrong = _numbers(queue) + _objects(queue) + _together(queue) + _containers(queue)
    untidy = _untidy(queue)
    if wrong:
        text = f"{len(wrong)} fields are wrong: {wrong[0]}"
        return failed("QUEUE_INCONSISTENT", text, details=(*wrong, *untidy))
    if untidy:
        text = f"{len(untidy)} fields are untidy: {untidy[0]}"
        return warned("QUEUE_UNTIDY", text, details=tuple(untidy))
    return passed(", ".join(f"{key} {queue[key]}" for key in NUMBERS))


def _numbers(queue: dict[str, Any]) -> list[str]:
    found = []
    for key, least in NUMBERS.items():
        value = queue.get(key)
        number = number_in(value)
        if not has_value(value):
            found.append(f"{key} is {shown(value)}")
        elif number is None:
            found.append(f"{key} is {shown(value)}, not a number")
        elif number < least:
            found.append(f"{key} is {number:g}, at least {least} makes sense")
    return found


def _objects(queue: dict[str, Any]) -> list[str]:
    # A pilot looks tools up by name; a list or a text in their place fails in mid-job.
    found = []
    for key in OBJECTS:
        value = queue.get(key)
        if not isinstance(value, dict):
            found.append(f"{key} is {shown(value)}, not an object")
        elif not value:
            found.append(f"{key} is empty")
    return found


def _together(queue: dict[str, Any]) -> list[str]:
    found = []
    floor, longest = number_in(queue.get("timefloor")), number_in(queue.get("maxtime"))
    if floor and longest and floor * MINUTE_S >= longest:  # minutes and seconds, as in CRIC
        found.append(f"timefloor {floor:g} min is not below maxtime {longest:g} s")
    tools, wanted = queue.get("copytools"), queue.get("acopytools")
    if isinstance(tools, dict) and isinstance(wanted, dict):
        strange = sorted({tool for each in wanted.values() for tool in _names(each)} - set(tools))
        found += [f"acopytools names {shown(tool)}, copytools does not" for tool in strange]
    return found


def _containers(queue: dict[str, Any]) -> list[str]:
    # The wrapper greps for a line with container_options and without null, else it exits 1
    # (pilot-wrapper@0041588a:runpilot2-wrapper.sh, get_cricopts).
    if "container_options" in queue and queue["container_options"] is None:
        return ["container_options is null, which ends the ATLAS wrapper"]
    return []


def _untidy(queue: dict[str, Any]) -> list[str]:
    texts = [key for key in NUMBERS if _is_text_number(queue.get(key))]
    found = [f"{key} is text: {shown(queue[key])}" for key in texts]
    for key in sorted(queue):
        value = queue[key]
        if isinstance(value, str) and not _is_clean(value):
            found.append(f"{key} has extra quotes, blanks or line ends: {shown(value)}")
    return found


def _is_text_number(value: object) -> bool:
    return isinstance(value, str) and number_in(value) is not None


def _is_clean(text: str) -> bool:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return not quoted and text == text.strip() and "\n" not in text and "\r" not in text


def _names(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []

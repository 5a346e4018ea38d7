"""The definition of a PanDA queue, fetched as a pilot fetches it.

Both forms are read: the flat object of `<queue>.all.json` and the object of objects of
`<queue>.json`. An answer that is not a definition is told apart from one that is: a curl that
exits 0 with an HTML page has passed for queuedata more than once.
Read from pilot3@a090538b:pilot/info/extinfo.py and queuedata.py.
"""

from __future__ import annotations

import json
import re
from typing import Any
from typing import Optional

from siteverify.outcome import Owner
from siteverify.reasons import word_for
from siteverify.redaction import scrub
from siteverify.servers import queuedata_url
from siteverify.settings import Settings
from siteverify.vantage import Answer
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

NO_VALUES = ("", "none", "null", "undefined")
NUMBER = re.compile(r"-?[0-9]+")
SHOWN = 40  # characters of a foreign value in a message


class QueuedataError(Exception):
    """There is no definition to judge; *reason_code* and *owner* say whose fault that is."""

    def __init__(self, reason_code: str, summary: str, *, owner: Owner) -> None:
        super().__init__(summary)
        self.reason_code = reason_code
        self.owner = owner


def load(vantage: Vantage, settings: Settings) -> dict[str, Any]:
    """Fetch and return the definition of the queue; raise QueuedataError if it is none."""
    url = queuedata_url(settings)
    try:
        answer = vantage.fetch(url, timeout_s=20.0)
    except VantageError as error:
        code, owner = f"QUEUEDATA_{word_for(error)}", Owner.SITE
        raise QueuedataError(code, f"no queue definition: {error}", owner=owner) from error
    return _definition(_document(answer), settings.queue)


def has_value(value: object) -> bool:
    """Tell whether *value* is more than null, nothing, or a word that means nothing."""
    if isinstance(value, str):
        return bare(value).lower() not in NO_VALUES
    return value is not None


def number_in(value: object) -> Optional[float]:
    """Return the number that *value* is, or is the text of; None if it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = bare(value) if isinstance(value, str) else ""
    return float(text) if NUMBER.fullmatch(text) else None


def bare(text: str) -> str:
    """Return *text* without stray quotes, blanks and line ends around it."""
    return text.strip("\"' \t\r\n")


def shown(value: object) -> str:
    """Return *value* as JSON, cut for a message, so that quotes and line ends can be seen."""
    clean = scrub(value) if isinstance(value, str) else value
    text = json.dumps(clean, sort_keys=True, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def _document(answer: Answer) -> Any:
    body = answer.body.strip()
    if answer.status == 404:
        text = "the server knows no such queue (404)"
        raise QueuedataError("QUEUE_UNKNOWN", text, owner=Owner.VO)
    if answer.status != 200:
        raise _central("QUEUEDATA_HTTP", f"HTTP status {answer.status} instead of a definition")
    if not body:
        raise _central("QUEUEDATA_EMPTY", "the answer is empty")
    if body.startswith("<"):
        raise _central("QUEUEDATA_HTML", "the answer is a web page, not JSON")
    try:
        return json.loads(body)
    except ValueError as error:
        text = f"the answer is not JSON: {shown(body)}"
        raise _central("QUEUEDATA_NOT_JSON", text) from error


def _definition(document: Any, queue: str) -> dict[str, Any]:
    if isinstance(document, str):
        raise _central("QUEUEDATA_QUOTED", f"the answer is JSON inside quotes: {shown(document)}")
    if document is None or document == {}:
        raise QueuedataError("QUEUE_UNKNOWN", "the definition is empty", owner=Owner.VO)
    if not isinstance(document, dict):
        raise _central("QUEUEDATA_ODD", f"the answer is no JSON object: {shown(document)}")
    if isinstance(document.get(queue), dict):
        return dict(document[queue])
    if all(isinstance(value, dict) for value in document.values()):
        names = ", ".join(sorted(document)[:3])
        raise QueuedataError("QUEUE_UNKNOWN", f"only other queues: {names}", owner=Owner.VO)
    return document


def _central(reason_code: str, summary: str) -> QueuedataError:
    return QueuedataError(reason_code, summary, owner=Owner.CENTRAL)

"""The PanDA servers say that they are alive, in as many words."""

from __future__ import annotations

import json
from typing import Optional

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.queuedata import shown
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import Answer
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

TIMEOUT_S = 20.0
ALIVE = "alive=yes"
CENTRAL_WORDS = ("REFUSED", "BROKEN")


@check(
    "net.http.server",
    title="if the PanDA server is alive",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "If other sites see the same, it is the server's: tell its operators, not the site.",
        ("curl -v http://pandaserver.cern.ch:25080/server/panda/isAlive",),
    ),
    depends_on=("net.dns",),
    needs=("server_urls",),
    timeout_s=45.0,
    quick=True,
)
def servers_are_alive(vantage: Vantage, settings: Settings) -> Outcome:
    """GET each server and read the body: a proxy's error page, too, comes with status 200.

    The body is `alive=yes` of /server/panda/isAlive, or an object with `success` of
    /api/v1/system/is_alive (panda-server@9cc36033).
    """
    for url in settings.server_urls:
        trouble = _trouble(vantage, url)
        if trouble:
            return trouble
    return passed(f"{len(settings.server_urls)} alive", details=settings.server_urls)


def _trouble(vantage: Vantage, url: str) -> Optional[Outcome]:
    try:
        answer = vantage.fetch(url, timeout_s=TIMEOUT_S)
    except VantageError as error:
        word = word_for(error)
        owner = Owner.CENTRAL if word in CENTRAL_WORDS else Owner.SITE
        return failed(f"HTTP_{word}", f"no answer: {error}", owner=owner)
    if answer.status != 200:
        text = f"{url}: HTTP status {answer.status}"
        return failed(
            "HTTP_STATUS", text, measured=answer.status, threshold=200, owner=Owner.CENTRAL
        )
    if not _says_alive(answer):
        text = f"status 200, but not from a PanDA server: {shown(answer.body.strip())}"
        return failed("HTTP_BODY", text, details=(url,), owner=Owner.SITE)
    return None


def _says_alive(answer: Answer) -> bool:
    if answer.body.strip() == ALIVE:
        return True
    try:
        document = json.loads(answer.body)
    except ValueError:
        return False
    return isinstance(document, dict) and document.get("success") is True

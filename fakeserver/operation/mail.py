"""Mail about alarms: one message each time one is raised, acknowledged or cleared.

A message is composed here and delivered by whoever has a place for it; the live server writes to
a folder that mail programs read, and sends nothing.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from typing import Mapping

SENDER = "flightsim <alarms@flightsim.invalid>"
RECIPIENT = "operators@flightsim.invalid"


def message_of(alarm: Mapping[str, Any], *, at: float, number: int) -> EmailMessage:
    """Return the mail about an event ``server.alarm``, which is the *number*-th of the journal.

    *at* is when it happened (POSIX seconds).
    """
    mail = EmailMessage()
    mail["From"] = SENDER
    mail["To"] = RECIPIENT
    mail["Date"] = formatdate(at)
    mail["Message-ID"] = f"<{number}@flightsim.invalid>"
    mail["Subject"] = line(f"[PanDA] {alarm['state']}: {alarm['text']}")
    mail.set_content(
        f"{alarm['text']}\n\nwatch: {alarm['alarm']}\nabout: {alarm['about']}\n"
        f"state: {alarm['state']}\n"
    )
    return mail


def line(text: str) -> str:
    """Return *text* on one line: a header has no more, whoever wrote it."""
    return " ".join(text.split())

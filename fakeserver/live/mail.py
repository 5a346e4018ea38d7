"""A folder of mail about alarms, as mail programs read it (a Maildir): what was committed, once.

Not modelled: sending it. ``mutt -f FOLDER`` reads it, and any program can send it on.
"""

from __future__ import annotations

import json
import mailbox
from pathlib import Path
from typing import Iterable

from fakeserver.events import ALARM
from fakeserver.operation.mail import message_of
from simkernel import ScenarioError


class Mail:
    """Where mail goes."""

    def __init__(self, folder: Path) -> None:
        """Make *folder* if it is not there. Raises ScenarioError if that cannot be."""
        try:
            self._box = mailbox.Maildir(folder, create=True)
        except OSError as error:
            why = f"cannot be written: {error.strerror}"
            raise ScenarioError(why, where=str(folder)) from error

    def tell(self, lines: Iterable[str], *, begun: float) -> None:
        """Write a mail for each alarm among *lines* of a journal that *begun* then (POSIX).

        Raises OSError when it cannot be written.
        """
        for text in lines:
            if ALARM not in text:
                continue
            event = json.loads(text)
            if event["what"] == ALARM:
                mail = message_of(event, at=begun + event["t"], number=event["n"])
                self._box.add(mail)

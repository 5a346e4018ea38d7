"""The desks at which a guest's questions are answered: one a subject, one method a question."""

from __future__ import annotations

from harness.desks.caller import Caller
from harness.desks.caller import Denied
from harness.desks.files import Files
from harness.desks.forks import Forks
from harness.desks.network import Networks
from harness.desks.processes import Processes

__all__ = ["Caller", "Denied", "Files", "Forks", "Networks", "Processes"]

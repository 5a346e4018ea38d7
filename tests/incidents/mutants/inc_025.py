"""INC-025 the payload's signal is reported, and not why it was sent

pilot1 before 73.2 (074ae3e, 2018-08-06), pilot2 before 2.1.12.1 (0a54df9e, 2019-06-20): the
payload was killed first and the error code set afterwards, when that of the ended process had
already been taken.
"""

from __future__ import annotations

SCENARIO = "inc-025-killed-for-memory"
PATCHES = {
    "payload.py": (
        (
            '                self._log.error(f"payload {child.pid} does not die")\n'
            "            raise\n"
        ),
        (
            '                self._log.error(f"payload {child.pid} does not die")\n'
            "            if isinstance(reason, Cancelled):\n"
            "                raise\n"
            "            return Ended(128 + signal.SIGTERM, child.pid)\n"
        ),
    ),
}
EXPECTED = {"expect": "1305"}

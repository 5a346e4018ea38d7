"""INC-077 the tail of a stdout that is not there ends the heartbeat

pilot1 before 73.5 (01c6fa5, 2018-10-09; GGUS 137637): stdout_tail was None in debug mode before
the payload had written anything, and what read it raised.
"""

from __future__ import annotations

SCENARIO = "inc-077-debug-without-stdout"
PATCHES = {
    "backchannel.py": (
        '        return self._tail(self._active_log()) if self.debug else ""\n',
        '        return tail(self._active_log(), TAIL_BYTES).decode() if self.debug else ""\n',
    ),
    "heartbeat.py": (
        ("            except Exception:  # noqa: BLE001\n                # Whatever"),
        ("            except TimeoutError:\n                # Whatever"),
    ),
    "reporter.py": (
        '        fields["stdout"] = self._channel.stdout()\n',
        (
            '        if fields["state"] != "starting" or self._heartbeat._task:\n'
            '            fields["stdout"] = self._channel.stdout()\n'
        ),
    ),
}
EXPECTED = {"heartbeat-gap": "no update"}
ALWAYS = "debug mode is the job's own, and every stage-in comes before the stdout"

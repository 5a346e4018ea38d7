"""INC-097 transfers go on after the signal

pilot3 before 3.7.3.84 (94e004e4, 2024-03-14): graceful_stop was not looked at by the copy tools,
neither between files nor during one.
"""

from __future__ import annotations

SCENARIO = "inc-097-told-to-stop-while-copying"
PATCHES = {
    "data/transfer.py": (
        "        command = Command(argv, cwd=self._cwd, env=self._env)\n"
        "        return run(self._platform, command, timeout_s=limit_s, orders=orders)\n"
        "\n"
        "    def _judge(",
        "        command = Command(argv, cwd=self._cwd, env=self._env)\n"
        "        return run(self._platform, command, timeout_s=limit_s)\n"
        "\n"
        "    def _judge(",
    ),
    "data/stage_in.py": (
        "            orders.check()\n            where = self._fetch(each, orders, direct=job.direct)\n",
        "            where = self._fetch(each, orders, direct=job.direct)\n",
    ),
}
EXPECTED = {"expect": "expected a final state within"}

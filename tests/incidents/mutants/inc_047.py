"""INC-047 whatever has pid 1 for a parent is taken for an orphan of the payload's

pilot 1 before 62.0 (a82cada, 2015-05-29): the clean-up killed every process of the user without
a parent, the batch system's bash among them.
"""

from __future__ import annotations

SCENARIO = "inc-047-bash-of-the-batch-system"
PATCHES = {
    "payload.py": (
        "        child.signal_group(signal.SIGKILL)\n",
        (
            "        child.signal_group(signal.SIGKILL)\n"
            "        from pilotcore.commands import run\n"
            "\n"
            '        ps = Command(("ps", "-eo", "pid,ppid,user"))\n'
            "        for row in run(self._platform, ps, timeout_s=60.0).stdout.splitlines()[1:]:\n"
            "            pid, parent, user = row.split()\n"
            '            if parent == "1" and user == self._env["USER"]:\n'
            '                run(self._platform, Command(("kill", "-9", pid)), timeout_s=60.0)\n'
        ),
    ),
}
EXPECTED = {"processes": "decoy"}
ALWAYS = "the other programs are always there"

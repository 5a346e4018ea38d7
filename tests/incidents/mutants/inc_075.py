"""INC-075 the newest file is shown, whatever it is

pilot3 before 825f99ce (2025-11-17): the tail of debug mode was that of the newest file in the
work directory, from a list out of which panda_token was not taken.
"""

from __future__ import annotations

SCENARIO = "inc-075-token-in-the-tail::newest"
PATCHES = {
    "backchannel.py": (
        (
            '        logs = [*self._directory.glob("*.log"), self._directory / "payload.stdout"]\n',
            '        logs = [*self._directory.glob("*"), self._directory / "payload.stdout"]\n',
        ),
        (
            "        if root not in target.parents or is_secret(target.name) or not target.is_file():\n",
            "        if root not in target.parents or not target.is_file():\n",
        ),
    ),
}
EXPECTED = {"secrets": "sent a secret (token)"}

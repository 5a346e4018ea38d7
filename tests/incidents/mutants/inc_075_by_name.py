"""INC-075 a token that is asked for by its name is shown

pilot3 before 825f99ce (2025-11-17): nothing kept panda_token out of the tail of debug mode.
"""

from __future__ import annotations

SCENARIO = "inc-075-token-in-the-tail::by-name"
PATCHES = {
    "backchannel.py": (
        "        if root not in target.parents or is_secret(target.name) or not target.is_file():\n",
        "        if root not in target.parents or not target.is_file():\n",
    ),
}
EXPECTED = {"secrets": "sent a secret (token)"}

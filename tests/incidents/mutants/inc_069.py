"""INC-069 a failed download of a proxy is not seen

pilot3 of 2022-04-12 to 3.7.1.50 (f2b4ea0d; mended by 806d80e7, 2024-01-25): ``exit_code ==
errors.NOVOMSPROXY``, a comparison where the code was to be set, left the job running.
"""

from __future__ import annotations

SCENARIO = "inc-069-no-new-proxy::refused"
PATCHES = {
    "watch/proxy.py": (
        (
            "        if why:\n"
            '            return Failure(failure.code, f"{failure.detail}; no new one: {why}")\n'
            "        return self._failure()\n"
        ),
        ("        if why:\n            failure == Failure(1177, why)\n        return None\n"),
    ),
}
EXPECTED = {"expect": "failed only at"}

"""INC-065 a request has no time limit

pilot3 before 3.6.0.108 (a40e468a, 2023-04-17) and 3.8.1.66 (770fade3, 2024-09-05): urlopen() was
called without a timeout.
"""

from __future__ import annotations

SCENARIO = "inc-065-silent-connection::silent"
PATCHES = {
    "live_connect.py": (
        ("            end.settimeout(timeout_s)\n            return end\n"),
        ("            end.settimeout(None)\n            return end\n"),
    ),
}
EXPECTED = {"heartbeat-gap": "no update"}

"""INC-065 a time limit counts for each read, not for the request

What a timeout of urlopen() alone (a40e468a, 2023-04-17) does not help against: an answer that
comes in byte by byte.
"""

from __future__ import annotations

SCENARIO = "inc-065-silent-connection::drip"
PATCHES = {
    "live_http.py": (
        "            if size > BODY_MAX or monotonic() > until:\n",
        "            if size > BODY_MAX:\n",
    ),
}
EXPECTED = {"expect": "was finished only at"}

"""INC-115 the wrapper starts a pilot without the queue's options

pilot-wrapper before 2e7c30f (2022-09-20) and 6c16f70 (2024-10-10): that nothing could be fetched
was taken for an empty definition.
"""

from __future__ import annotations

SCENARIO = "inc-115-options-of-the-queue::always"
PATCHES = {
    "wrapper/wrapper.sh": (
        '    definition=$(queuedata) || fail 71 "$PILOT_QUEUEDATA cannot be had"\n',
        "    definition=$(queuedata)\n",
    ),
}
EXPECTED = {"expect": "expected activated"}

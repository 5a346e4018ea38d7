"""INC-067 an exception of the collector's comes before the final update

pilot2 before 2.9.3.8 (7c040c80, 2020-12-15): sending a large message to logstash raised an
exception that nobody caught, and the final update was never sent.
"""

from __future__ import annotations

SCENARIO = "inc-067-collector-of-logs"
PATCHES = {
    "collector.py": (
        ("    except HttpFailure as failure:\n        why = str(failure)\n"),
        ("    finally:\n        pass\n"),
    ),
}
EXPECTED = {"one-final-state": "never sent a final state"}
ALWAYS = "the collector is the environment's"

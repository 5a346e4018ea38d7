"""INC-023 the memory limit holds for a group in which no payload is

pilot3 before 3.11.0.29 (f80030f7, 2025-09-18): the limit was written to the cgroup 'payload',
which was made and never populated; what the job used was in 'subprocesses'. Here the group is
that of the shell's children, of which there is none when the shell has become the payload.
"""

from __future__ import annotations

SCENARIO = "inc-023-memory-of-the-family"
PATCHES = {
    "usage.py": (
        "        kin = family(parse(outcome.stdout), root)\n",
        "        kin = tuple(each for each in parse(outcome.stdout) if each.parent == root)\n",
    ),
}
EXPECTED = {"expect": "expected failed"}

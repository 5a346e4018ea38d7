"""INC-021 a job of one core has an eighth of a slot of one core

pilot3 3.11.2.19 to 3.11.3.9 (6ecf5bdf, 2025-11-17; mended by ab7439a6, 2026-01-08): ``divider = 8
if corecount == 1 else 1``, where the queue's own number of cores was meant.
"""

from __future__ import annotations

SCENARIO = "inc-021-share-of-the-disk::one-core"
PATCHES = {
    "watch/disk.py": (
        "    return queue.workdir_max * min(cores, queue.cores) // queue.cores\n",
        "    return queue.workdir_max // (8 if cores == 1 else 1)\n",
    ),
}
EXPECTED = {"expect": "1104"}
ALWAYS = "the job is larger than an eighth of what the site's queues allow"

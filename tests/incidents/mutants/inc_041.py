"""INC-041 the pilot does not look where it is when SIGTERM comes

pilot3 before 3.8.1.66 (444318a6, 2024-07-31): preemption on Kubernetes was reported as 1201.
"""

from __future__ import annotations

SCENARIO = "inc-041-preempted-on-kubernetes"
PATCHES = {
    "pilot.py": (
        'kubernetes="K8S_JOB_ID" in self._env',
        "kubernetes=False",
    ),
}
EXPECTED = {"expect": "pilotErrorCode 1201, expected 1379"}

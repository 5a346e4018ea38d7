"""Labels: which ``prodSourceLabel`` of jobs a pilot's label stands for.

Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L2061
(construct_where_clause) and api/v1/pilot_api.py#L190 (queues in test).
"""

from __future__ import annotations

from typing import Any
from typing import Mapping

from fakeserver.matching.request import JobRequest

LABELS: Mapping[str, tuple[str, ...]] = {
    "": ("managed", "test", "prod_test", "install"),
    "managed": ("managed", "test", "prod_test", "install"),
    "user": ("user", "panda", "install"),
    "unified": ("managed", "test", "prod_test", "install", "user", "panda"),
}
TEST_LABELS = ("prod_test", "install", "test")
TEST_PROCESSING = "gangarobot"


def effective_label(request: JobRequest, queuedata: Mapping[str, Any]) -> str:
    """Return the label that counts: at a queue in status ``test`` most ask for tests."""
    in_test = queuedata.get("status") == "test"
    return "test" if in_test and request.label in ("user", "managed", "unified") else request.label


def stands_for(
    asked: str, label: str, *, processing: str, element: str, only_robots: bool = False
) -> bool:
    """Tell whether a pilot that asks for *asked* may run a job with *label* and *processing*.

    *element* is its computing element; *only_robots* that it is a user's at a unified queue.
    """
    if asked == "test" and element:
        robot = processing == TEST_PROCESSING
        return robot or (not only_robots and label in TEST_LABELS)
    return label in LABELS.get(asked, (asked,))

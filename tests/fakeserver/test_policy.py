"""Limits and manners, as a person writes them."""

from __future__ import annotations

import pytest

from fakeserver.policy import Policy
from fakeserver.policy import read_policy
from simkernel import ScenarioError


def test_each_kind_of_value_is_read() -> None:
    texts = ["lost_heartbeat_s=7200", "queued_limit_s=none", "signed_records=yes"]
    texts += ["wrong_attempt_command=badattemptnr", "task_jobs_max=5"]
    expected = Policy(
        lost_heartbeat_s=7200.0,
        queued_limit_s=None,
        signed_records=True,
        wrong_attempt_command="badattemptnr",
        task_jobs_max=5,
    )
    assert expected == read_policy(texts, Policy())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lost_heartbeat=1", "lost_heartbeat_s"),
        ("token_seed=x", "there is no policy"),
        ("lost_heartbeat_s=soon", "a number"),
        ("lost_heartbeat_s=none", "a number"),
        ("signed_records=perhaps", "yes or no"),
        ("task_jobs_max=1.5", "a number"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, why: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_policy([text], Policy())
    assert why in str(caught.value)

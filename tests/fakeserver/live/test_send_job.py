"""``flightsim send-job`` against the live server with TLS, as a person with a proxy uses it."""

from __future__ import annotations

import json

import pytest

from fakeserver.identity import compact
from harness.cli import main
from harness.cli._exit_codes import PASS
from harness.cli._exit_codes import USAGE
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.test_panda_client import run

ADA = "/DC=sim/DC=grid/OU=People/CN=Ada Lovelace"


def words(served: Running, *more: str, proxy: str = "person") -> list[str]:
    """Return the command line of somebody who has a *proxy* of the folder."""
    assert served.folder is not None
    served.live.model.queues[QUEUE] = {"status": "online", "nickname": QUEUE}
    shown = ["--proxy", str(served.folder.proxy(proxy))] if proxy else []
    trusted = ["--authorities", str(next(served.folder.authorities.glob("*.0")))]
    return ["send-job", "--queue", QUEUE, "--url", served.secure, *shown, *trusted, *more]


def test_many_jobs_are_the_persons_and_a_pilot_gets_one(
    secure: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert PASS == main(words(secure, "--count", "50", "--kind", "analysis", "--json"))
    ids = json.loads(capsys.readouterr().out)
    jobs = [secure.live.model.jobs[each] for each in ids]
    # prodUserID has the number of the proxy, as there (srvcore/CoreUtils.py, get_bare_dn).
    assert (50, {"Ada Lovelace"}, {"activated"}) == (
        len(ids),
        {compact(job.spec.user) for job in jobs},
        {job.state.value for job in jobs},
    )
    assert ids[0] == run(secure, fail=False)


def test_without_a_proxy_one_is_told_to_show_one(
    secure: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("X509_USER_PROXY", raising=False)
    assert USAGE == main(words(secure, proxy=""))
    assert "SSL secure connection is required" in capsys.readouterr().err
    assert {} == secure.live.model.jobs


def test_who_has_used_up_a_quota_submits_nothing(
    secure: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    with secure.live.effect() as model:
        model.people.add_user(ADA, quota_core_s=0)
    assert USAGE == main(words(secure))
    assert "Ada Lovelace used 0 core-seconds in 7 days, quota 0" in capsys.readouterr().err
    assert {} == secure.live.model.jobs


def test_who_is_banned_is_told_so(secure: Running, capsys: pytest.CaptureFixture[str]) -> None:
    with secure.live.effect() as model:
        model.people.add_user(ADA, banned=True)
    assert USAGE == main(words(secure))
    assert "403: ERROR : Ada Lovelace is banned" in capsys.readouterr().err


def test_jobs_beyond_a_quota_of_active_ones_are_throttled(secure: Running) -> None:
    with secure.live.effect() as model:
        model.people.add_user(ADA, quota_jobs=2)
    assert PASS == main(words(secure, "--count", "5", "--kind", "analysis"))
    states = sorted(job.state.value for job in secure.live.model.jobs.values())
    assert ["activated", "activated", "throttled", "throttled", "throttled"] == states

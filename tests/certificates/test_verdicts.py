"""The words of the verdicts."""

from __future__ import annotations

from certificates.verdicts import ALERTS
from certificates.verdicts import WORDS
from certificates.verdicts import Verdict


def test_every_verdict_has_words() -> None:
    assert set(Verdict) == set(WORDS)
    assert Verdict.EXPIRED.words == "certificate has expired"


def test_every_verdict_but_ok_has_an_alert() -> None:
    assert Verdict.OK.alert == ""
    assert Verdict.PROXY_NOT_ALLOWED.alert == "SSLV3_ALERT_CERTIFICATE_UNKNOWN"
    assert all(verdict.alert == alert for verdict, alert in ALERTS.items())

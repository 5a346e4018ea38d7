"""What a TLS client and a server tell each other."""

from __future__ import annotations

import pytest

from simkernel import HarnessError
from simkernel.tls import ALERT_NUMBERS
from simkernel.tls import ALERTS
from simkernel.tls import TLS_1_2
from simkernel.tls import Greeting
from simkernel.tls import reason_of


def test_an_alert_is_heard_after_the_handshake_of_tls_1_3_only() -> None:
    late, early = Greeting(alert="unknown ca"), Greeting(alert="unknown ca", version=TLS_1_2)
    assert (True, False) == (late.is_late, early.is_late)
    assert (("TLSv1.3", 256), ("TLSv1.2", 256)) == (late.cipher[1:], early.cipher[1:])


def test_an_alert_that_does_not_exist_is_our_own_fault() -> None:
    with pytest.raises(HarnessError, match="no TLS alert is called 'tired'"):
        Greeting(alert="tired")


def test_alerts_have_numbers_words_and_reasons() -> None:
    assert sorted(ALERTS) == sorted(ALERT_NUMBERS)
    assert "TLSV13_ALERT_CERTIFICATE_REQUIRED" == reason_of(ALERTS["certificate required"])

"""voms-proxy-info, in what tests/fakesites/test_credential_tools does not show."""

from __future__ import annotations

import pytest

from fakesites.tools.voms_proxy_info import whole_bytes


# Seen from Debian's voms-clients 2.1.1: the serial 008CCFD971A65926 is said without its zeros.
@pytest.mark.parametrize(
    ("serial", "said"),
    [
        (0x008CCFD971A65926, "8CCFD971A65926"),
        (0x0C_CFD9, "0CCFD9"),
        (0xF1, "F1"),
        (0, "0"),
    ],
)
def test_a_serial_is_said_in_whole_bytes(serial: int, said: str) -> None:
    assert said == whole_bytes(serial)

"""Values of DER, written and read."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import der

arcs = st.tuples(st.integers(0, 2), st.integers(0, 39), st.integers(0, 2**70))


@given(st.integers(-(2**2100), 2**2100))
def test_a_number_survives(number: int) -> None:
    assert number == der.read(der.integer(number), der.INTEGER).integer()


@given(arcs)
def test_an_object_identifier_survives(parts: tuple[int, int, int]) -> None:
    dotted = ".".join(map(str, parts))
    assert dotted == der.read(der.oid(dotted)).oid()


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_a_list_survives_whatever_its_length(parts: list[bytes]) -> None:
    written = der.sequence(*map(der.octets, parts))
    assert parts == [child.content for child in der.read(written, der.SEQUENCE).children()]


@given(st.integers(0, 253_402_300_799), st.booleans())
def test_an_instant_survives(instant: int, always_generalized: bool) -> None:
    written = der.moment(instant, always_generalized=always_generalized)
    assert instant == der.read(written).moment()


@given(st.integers(0, 253_402_300_799))
def test_an_instant_is_written_with_the_date_of_the_calendar(instant: int) -> None:
    date = datetime.fromtimestamp(instant, tz=timezone.utc)
    written = der.read(der.moment(instant, always_generalized=True)).content
    assert date.strftime("%Y%m%d%H%M%SZ").rjust(15, "0").encode() == written


def test_a_year_has_two_digits_until_2050() -> None:
    assert der.UTC_TIME == der.moment(der.YEAR_2050 - 1)[0]
    assert der.GENERALIZED_TIME == der.moment(der.YEAR_2050)[0]


def test_years_with_two_digits_begin_in_1950() -> None:
    assert -631_152_000 == der.read(der.moment(-631_152_000)).moment()
    with pytest.raises(der.CertificateError, match="instant"):
        der.moment(-631_152_001)


@pytest.mark.parametrize(
    "text", ["2606310000Z", "260631000000Z", "26063100000Z", "260630000000+", "2606300000 1Z", ""]
)
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(der.CertificateError, match="no time"):
        der.read(der.value(der.UTC_TIME, text.encode())).moment()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "missing"),
        (b"\x02", "missing"),
        (b"\x02\x02\x01", "cut off"),
        (b"\x02\x01\x01\x00", "left over"),
        (b"\x1f\x01\x00", "tag"),
        (b"\x30\x80\x00\x00", "length"),
        (b"\x04\x81\x01\x00", "length"),
        (b"\x04\x82\x00\x80" + bytes(128), "length"),
        (b"\x04\x85\x00\x00\x00\x00\x01\x00", "length"),
    ],
)
def test_what_is_not_strict_der_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(der.CertificateError, match=why):
        der.read(data)


def test_a_wrong_tag_is_refused() -> None:
    with pytest.raises(der.CertificateError, match="0x5"):
        der.read(der.null(), der.INTEGER)


def test_a_set_is_in_order() -> None:
    assert der.set_of(b"\x02\x01\x02", b"\x02\x01\x01") == b"\x31\x06\x02\x01\x01\x02\x01\x02"


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        element = der.read(data)
    except der.CertificateError:
        return
    assert data == element.raw

"""DER, the encoding of certificates: writing values, and reading them strictly.

Models the types that X.509 needs, lengths of up to four bytes, and tags of one byte. Refused in
reading: indefinite and overlong lengths, values that are cut off, bytes left over.
Not modelled: tags above 30, REAL, and the ordering rules of SET beyond SET OF.
Read from ITU-T X.690 (chapters 8 and 10).
"""

from __future__ import annotations

from functools import lru_cache

BOOLEAN = 0x01
INTEGER = 0x02
BITS = 0x03
OCTETS = 0x04
NULL = 0x05
OID = 0x06
ENUMERATED = 0x0A
UTF8 = 0x0C
PRINTABLE = 0x13
T61 = 0x14
IA5 = 0x16
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
BMP = 0x1E
SEQUENCE = 0x30
SET = 0x31
# The first second of 2050: from there on a certificate writes four digits of the year.
YEAR_2050 = 2_524_608_000
YEAR_10000 = 253_402_300_800


class CertificateError(ValueError):
    """A text or a value is no certificate, key, list or attribute that can be read."""


def value(tag: int, *parts: bytes) -> bytes:
    """Return *parts* under *tag*."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of *parts*."""
    return value(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF *parts*, in the order that DER wants."""
    return value(SET, *sorted(parts))


def tagged(number: int, *parts: bytes) -> bytes:
    """Return *parts* under the context tag *number*, constructed: EXPLICIT, or an IMPLICIT list."""
    return value(0xA0 | number, *parts)


def implicit(number: int, content: bytes) -> bytes:
    """Return the *content* of a primitive value under the IMPLICIT context tag *number*."""
    return value(0x80 | number, content)


def integer(number: int) -> bytes:
    """Return an INTEGER."""
    size = ((number if number >= 0 else ~number).bit_length() + 8) // 8
    return value(INTEGER, number.to_bytes(size, "big", signed=True))


def boolean(truth: object) -> bytes:
    """Return a BOOLEAN."""
    return value(BOOLEAN, b"\xff" if truth else b"\0")


def octets(content: bytes) -> bytes:
    """Return an OCTET STRING."""
    return value(OCTETS, content)


def bits(content: bytes, *, unused: int = 0) -> bytes:
    """Return a BIT STRING whose last *unused* bits do not count."""
    return value(BITS, bytes((unused,)), content)


def null() -> bytes:
    """Return NULL."""
    return value(NULL)


@lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return value(OID, *(_base128(arc) for arc in (40 * first + second, *rest)))


def _base128(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(0x80 | (number & 0x7F))
    return bytes(reversed(digits))


def moment(instant: int, *, always_generalized: bool = False) -> bytes:
    """Return *instant* (POSIX seconds) as a certificate writes it, in whole seconds.

    Attribute certificates are *always_generalized*. Raises CertificateError outside 1950-9999.
    """
    if not -631_152_000 <= instant < YEAR_10000:
        raise CertificateError(f"no certificate can hold the instant {instant}")
    year, *rest = _civil(instant)
    digits = "".join(f"{part:02d}" for part in rest) + "Z"
    if always_generalized or instant >= YEAR_2050:
        return value(GENERALIZED_TIME, f"{year:04d}{digits}".encode())
    return value(UTC_TIME, f"{year % 100:02d}{digits}".encode())


class Element:
    """One value as it was read: its tag, its content, and both with the length as *raw*."""

    # No dataclass: a chain is a thousand of these, and this one is twice as quick to make.
    __slots__ = ("content", "raw", "tag")

    def __init__(self, tag: int, content: bytes, raw: bytes) -> None:
        self.tag = tag
        self.content = content
        self.raw = raw

    def reader(self) -> Reader:
        """Return a reader of what is inside."""
        return Reader(self.content)

    def children(self) -> list[Element]:
        """Return all values inside."""
        reader, found = self.reader(), []
        while reader.more():
            found.append(reader.take())
        return found

    def integer(self) -> int:
        """Return the number that this INTEGER or ENUMERATED holds."""
        if not self.content:
            raise CertificateError("an integer without digits")
        return int.from_bytes(self.content, "big", signed=True)

    def oid(self) -> str:
        """Return the dotted name that this OBJECT IDENTIFIER holds."""
        return _dotted(self.content)

    def bits(self) -> bytes:
        """Return the bytes of this BIT STRING; unused bits at the end are 0."""
        unused = self.content[0] if self.content else 8
        if unused > 7 or self.content[-1] & ((1 << unused) - 1):
            raise CertificateError("a bit string of wrong form")
        return self.content[1:]

    def moment(self) -> int:
        """Return the instant (POSIX seconds) that this time holds."""
        return _instant(self.tag, self.content)

    def text(self) -> str:
        """Return the text of this string, of whichever type; bytes that are no text as \\xNN."""
        if self.tag == BMP:
            return self.content.decode("utf-16-be", "backslashreplace")
        encoding = "utf-8" if self.tag == UTF8 else "latin-1"
        return self.content.decode(encoding, "backslashreplace")


class Reader:
    """Takes one value after the other from a text of bytes. Raises CertificateError."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def more(self) -> bool:
        """Tell whether there is another value."""
        return self._at < len(self._data)

    def take(self, tag: int | None = None) -> Element:
        """Return the next value, which has *tag* if one is given."""
        data, begin = self._data, self._at
        if begin + 2 > len(data):
            raise CertificateError("a value is missing")
        found, size, head = data[begin], data[begin + 1], begin + 2
        if found & 0x1F == 0x1F or tag not in (None, found):
            raise CertificateError(f"tag {found:#x} is not what belongs here")
        if size >= 0x80:
            size, head = self._long(size & 0x7F, head)
        if head + size > len(data):
            raise CertificateError("a value is cut off")
        self._at = head + size
        return Element(found, data[head : self._at], data[begin : self._at])

    def _long(self, count: int, head: int) -> tuple[int, int]:
        digits = self._data[head : head + count]
        size = int.from_bytes(digits, "big")
        if not 1 <= count <= 4 or len(digits) < count or size < 0x80 or digits[0] == 0:
            raise CertificateError("a length of wrong form")
        return size, head + count

    def maybe(self, tag: int) -> Element | None:
        """Return the next value if it has *tag*, else None."""
        if self.more() and self._data[self._at] == tag:
            return self.take(tag)
        return None

    def close(self) -> None:
        """Refuse bytes that are left over."""
        if self.more():
            raise CertificateError("bytes are left over")


def read(data: bytes, tag: int | None = None) -> Element:
    """Return the one value in *data*, which has *tag* if one is given. Raises CertificateError."""
    reader = Reader(data)
    element = reader.take(tag)
    reader.close()
    return element


@lru_cache(maxsize=256)
def _dotted(content: bytes) -> str:
    if not content or content[-1] & 0x80:
        raise CertificateError("an object identifier of wrong form")
    arcs, number = [], 0
    for byte in content:
        number = number << 7 | (byte & 0x7F)
        if not byte & 0x80:
            arcs.append(number)
            number = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _instant(tag: int, content: bytes) -> int:
    digits = 12 if tag == UTC_TIME else 14
    text = content.decode("ascii", "replace")
    wrong = CertificateError(f"{text!r} is no time")
    if tag not in (UTC_TIME, GENERALIZED_TIME) or len(text) != digits + 1 or text[-1] != "Z":
        raise wrong
    if not (text[:-1].isascii() and text[:-1].isdigit()):
        raise wrong
    if tag == UTC_TIME:
        text = ("20" if text < "50" else "19") + text
    year, *rest = parts = (int(text[:4]), *(int(text[at : at + 2]) for at in range(4, 14, 2)))
    month, day, hours, minutes, seconds = rest
    instant = 86_400 * _days(year, month, day) + 3_600 * hours + 60 * minutes + seconds
    # A 31st of June would be read as a 1st of July.
    if _civil(instant) != parts:
        raise wrong
    return instant


# The module calendar would do this too, but takes longer to import than this package.
def _days(year: int, month: int, day: int) -> int:
    """Return the days from 1970 to a date of the Gregorian calendar."""
    # Years begin in March here, so that the odd day is the last of a year.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    leaps = year // 4 - year // 100 + year // 400
    return 365 * year + leaps + (153 * month + 2) // 5 + day - 719_469


def _civil(instant: int) -> tuple[int, ...]:
    """Return year, month, day, hour, minute and second of *instant* (POSIX seconds)."""
    days, seconds = divmod(instant, 86_400)
    era, day_of_era = divmod(days + 719_468, 146_097)
    leaps = day_of_era // 1_460 - day_of_era // 36_524 + day_of_era // 146_096
    years = (day_of_era - leaps) // 365
    day_of_year = day_of_era - (365 * years + years // 4 - years // 100)
    march, rest = divmod(5 * day_of_year + 2, 153)
    month = march + 3 if march < 10 else march - 9
    year = years + 400 * era + (month <= 2)
    return (year, month, rest // 5 + 1, seconds // 3_600, seconds // 60 % 60, seconds % 60)

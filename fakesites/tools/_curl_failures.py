"""What curl says and how it ends when a request fails.

Codes from curl(1), "EXIT CODES"; words from curl 7.76.1 with OpenSSL 3.0 (lib/connect.c, multi.c,
transfer.c, sendf.c, vtls/openssl.c), most of them seen from curl 7.88.1 as well.
"""

from __future__ import annotations

from typing import Mapping

from fakesites.tools._fetch import CONNECTING
from fakesites.tools._fetch import GREETING
from fakesites.tools._fetch import RESOLVING
from fakesites.tools._fetch import Course
from simkernel.network import AlertError
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.network import VerifyError
from simkernel.tls import ADDRESS_MISMATCH
from simkernel.tls import ALERT_NUMBERS
from simkernel.tls import HOST_MISMATCH

UNSUPPORTED = 1
BAD_URL = 3
UNRESOLVED = 6
UNCONNECTED = 7
PARTIAL = 18
HTTP_ERROR = 22
WRITE_ERROR = 23
TIMED_OUT = 28
NO_HANDSHAKE = 35
TOO_MANY_REDIRECTS = 47
EMPTY = 52
NOT_RECEIVED = 56
UNREADABLE = 26
NO_CERTIFICATE = 58
UNTRUSTED = 60
NO_ANCHORS = 77

MORE_DETAILS = """\
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.
"""
SYSTEM_TEXTS: Mapping[str, str] = {
    "refused": "Connection refused",
    "reset": "Connection reset by peer",
    "timeout": "Connection timed out",
    "unreachable": "Network is unreachable",
}
SYSTEM_NUMBERS: Mapping[str, int] = {"reset": 104, "timeout": 110}
OPENSSL = 0x0A000000
"""The library of TLS in OpenSSL's error numbers; alerts are 1000 plus their number in it."""


class Failure(Exception):
    """A request came to nothing: the exit *code*, and what curl says."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def unsupported(scheme: str) -> Failure:
    """Return what becomes of an address that is neither http nor https."""
    return Failure(UNSUPPORTED, f'Protocol "{scheme}" not supported or disabled in libcurl')


def failure_of(error: NetError, request: Request, course: Course) -> Failure:
    """Return what becomes of a failure of the network."""
    if isinstance(error, VerifyError):
        return Failure(UNTRUSTED, _distrust(error, request))
    if isinstance(error, AlertError):
        return _refusal(error)
    if error.kind == "dns":
        return Failure(UNRESOLVED, f"Could not resolve host: {request.host}")
    place = f"{request.host} port {request.port}"
    text = SYSTEM_TEXTS.get(error.kind, error.text)
    if course.phase == CONNECTING:
        code = TIMED_OUT if error.kind == "timeout" else UNCONNECTED
        return Failure(code, f"Failed to connect to {place}: {_reason(error, text)}")
    if course.phase == GREETING:
        return Failure(NO_HANDSHAKE, _handshake(error, request, text))
    if error.kind == "closed":
        return Failure(EMPTY, "Empty reply from server")
    if request.tls:
        number = SYSTEM_NUMBERS.get(error.kind, 0)
        return Failure(NOT_RECEIVED, f"OpenSSL SSL_read: {text}, errno {number}")
    return Failure(NOT_RECEIVED, f"Recv failure: {text}")


def _reason(error: NetError, text: str) -> str:
    return "No route to host" if error.errno == 113 else text


def _handshake(error: NetError, request: Request, text: str) -> str:
    if error.kind == "tls":
        return error.text
    if error.kind == "closed":
        text = "SSL_ERROR_SYSCALL"
    return f"OpenSSL SSL_connect: {text} in connection to {request.host}:{request.port} "


def _distrust(error: VerifyError, request: Request) -> str:
    if error.code in (HOST_MISMATCH[0], ADDRESS_MISMATCH[0]):
        name = f"'{request.host}'"
        return f"SSL: no alternative certificate subject name matches target host name {name}"
    return f"SSL certificate problem: {error.message}"


def _refusal(error: AlertError) -> Failure:
    number = OPENSSL + 1000 + ALERT_NUMBERS.get(error.alert, 0)
    text = f"error:{number:08X}:SSL routines::{error.text}"
    if error.late:
        return Failure(NOT_RECEIVED, f"OpenSSL SSL_read: {text}, errno 0")
    if error.alert == "certificate expired":
        return Failure(UNTRUSTED, "SSL certificate verification failed")
    return Failure(NO_HANDSHAKE, text)


def too_late(course: Course, *, now: float, limit_s: float) -> Failure:
    """Return what becomes of a request that took longer than *limit_s* seconds."""
    waited = int(limit_s * 1000)
    if course.phase == RESOLVING:
        return Failure(TIMED_OUT, f"Resolving timed out after {waited} milliseconds")
    if course.phase in (CONNECTING, GREETING):
        return Failure(TIMED_OUT, f"Connection timed out after {waited} milliseconds")
    got = course.received(now)
    size = f"{got} out of {len(course.response.body)}" if course.response is not None else f"{got}"
    return Failure(
        TIMED_OUT, f"Operation timed out after {waited} milliseconds with {size} bytes received"
    )


def too_slow(limit: float, limit_s: float) -> Failure:
    """Return what becomes of a request slower than *limit* bytes a second for so long."""
    text = f"Less than {limit:.0f} bytes/sec transferred the last {limit_s:.0f} seconds"
    return Failure(TIMED_OUT, f"Operation too slow. {text}")

"""What wget says: the words of GNU Wget 1.21 with GnuTLS, as RHEL builds it.

Read from wget 1.21 (src/connect.c, http.c, gnutls.c, progress.c, retr.c, utils.c) and seen from
1.21.3. Quotes are those of the locale: ‘’ in a UTF-8 one, '' in the C locale.
"""

from __future__ import annotations

from typing import Mapping

from simkernel.network import AlertError
from simkernel.network import NetError
from simkernel.network import Response
from simkernel.network import VerifyError
from simkernel.tls import ADDRESS_MISMATCH
from simkernel.tls import ALERT_NUMBERS
from simkernel.tls import EXPIRED
from simkernel.tls import HOST_MISMATCH
from simkernel.tls import NOT_YET_VALID

USAGE = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options."
NOT_ENDED = "The TLS connection was non-properly terminated."
NOT_PULLED = "Error in the pull function."
NO_SSL = "Unable to establish SSL connection.\n"
SYSTEM_TEXTS: Mapping[str, str] = {
    "refused": "Connection refused",
    "reset": "Connection reset by peer",
    "timeout": "Connection timed out",
    "unreachable": "Network is unreachable",
}
RESOLVER_TEXTS: Mapping[int, str] = {
    -2: "Name or service not known",
    -3: "Temporary failure in name resolution",
}
ALERT_TEXTS: Mapping[str, str] = {
    "access denied": "Access was denied",
    "bad certificate": "Certificate is bad",
    "certificate expired": "Certificate is expired",
    "certificate required": "Certificate is required",
    "certificate revoked": "Certificate was revoked",
    "certificate unknown": "Unknown certificate",
    "decode error": "Decode error",
    "handshake failure": "Handshake failed",
    "internal error": "Internal error",
    "protocol version": "Error in protocol version",
    "unknown ca": "CA is unknown",
    "unrecognized name": "The server name sent was not recognized",
}
DOT_BYTES, DOTS, CLUSTER = 1024, 50, 10
UNITS = ((1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K"))


def quoted(text: str, *, unicode: bool) -> str:
    """Return *text* in the quotes of the locale."""
    return f"‘{text}’" if unicode else f"'{text}'"


def system_text(error: NetError) -> str:
    """Return what the system says of a failed connection."""
    if error.errno == 113:
        return "No route to host"
    return SYSTEM_TEXTS.get(error.kind, error.text)


def resolver_text(error: NetError) -> str:
    """Return what the resolver says of a failed look-up."""
    return RESOLVER_TEXTS.get(error.errno, RESOLVER_TEXTS[-2])


def distrust(error: VerifyError, host: str, *, level: str = "ERROR") -> str:
    """Return what wget says of a server that it does not trust; *host* is in its quotes."""
    if error.code in (HOST_MISMATCH[0], ADDRESS_MISMATCH[0]):
        return f"The certificate's owner does not match hostname {host}\n"
    text = f"{level}: The certificate of {host} is not trusted.\n"
    if error.code == EXPIRED[0]:
        text += f"{level}: The certificate of {host} has expired.\n"
        return f"{text}The certificate has expired\n"
    if error.code == NOT_YET_VALID[0]:
        text += f"{level}: The certificate of {host} is not yet activated.\n"
        return f"{text}The certificate has not yet been activated\n"
    return f"{text}{level}: The certificate of {host} doesn't have a known issuer.\n"


def no_handshake(error: NetError) -> str:
    """Return what wget says of a handshake that fails for another reason."""
    if isinstance(error, AlertError):
        number = ALERT_NUMBERS.get(error.alert, 40)
        name = ALERT_TEXTS.get(error.alert, "Handshake failed")
        alert = f"GnuTLS: received alert [{number}]: {name}\n"
        return f"GnuTLS: A TLS fatal alert has been received.\n{alert}{NO_SSL}"
    texts = {"reset": NOT_PULLED, "closed": NOT_ENDED}
    said = f"GnuTLS: {texts[error.kind]}\n" if error.kind in texts else ""
    return said + NO_SSL


def unread(error: NetError, *, tls: bool) -> str:
    """Return what wget says of an answer whose head never comes."""
    if isinstance(error, AlertError):
        text = "The specified session has been invalidated for some reason."
        return (
            "WARNING: Could not save SSL session data for socket 3\n"
            f"Failed writing HTTP request: {text}.\n"
        )
    if error.kind == "closed" and not tls:
        return "No data received.\n"
    texts = {"reset": NOT_PULLED, "closed": NOT_ENDED} if tls else {}
    return f"Read error ({texts.get(error.kind, system_text(error))}) in headers.\n"


def broken(response: Response, *, tls: bool) -> str:
    """Return what wget says of a body that is not complete."""
    at = len(response.sent)
    if response.reset:
        text = NOT_PULLED if tls else SYSTEM_TEXTS["reset"]
    elif tls:
        text = NOT_ENDED
    else:
        return f"Connection closed at byte {at}. "
    return f"Read error at byte {at}/{len(response.body)} ({text}). "


def size_text(count: int) -> str:
    """Return a size as wget adds it in brackets: ``1.5K``; nothing below 1024."""
    for unit, letter in reversed(UNITS):
        if unit <= count < unit << 10:
            value = count / unit
            return f"{value:.1f}{letter}" if value < 10 else f"{value:.0f}{letter}"
    return ""


def rate_parts(count: int, seconds: float) -> tuple[str, str]:
    """Return the speed of *count* bytes in *seconds* as (number, letter of its unit)."""
    rate = count / seconds if seconds > 0 else 0.0
    unit, letter = next(((u, le) for u, le in UNITS if rate >= u), (1, ""))
    value = rate / unit
    decimals = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{decimals}f}", letter


def rate_text(count: int, seconds: float) -> str:
    """Return a speed as the last line of a download has it: ``2.40 MB/s``."""
    number, letter = rate_parts(count, seconds)
    return f"{number} {letter}B/s"


def seconds_text(seconds: float) -> str:
    """Return a duration as the last row of the dots has it."""
    if seconds >= 9.95:
        return f"{seconds:.0f}"
    if seconds >= 0.95:
        return f"{seconds:.1f}"
    return f"{seconds:.1g}" if seconds >= 0.001 else "0"


def dots(received: int, total: int, seconds: float) -> str:
    """Return the rows of dots of a download: one dot a kilobyte, fifty a row."""
    number, letter = rate_parts(received, seconds)
    speed = f" {number:>4}{letter or ' '}"
    rows: list[str] = []
    row_bytes = DOT_BYTES * DOTS
    for begin in range(0, received // row_bytes * row_bytes + 1, row_bytes):
        count = min(DOTS, (received - begin) // DOT_BYTES)
        last = begin + row_bytes > received
        so_far = received if last else begin + row_bytes
        percent = f"{100 * so_far // total:3}%" if total else ""
        drawn = "".join(f"{' ' * (n % CLUSTER == 0)}." for n in range(count))
        left_s = seconds * (total - so_far) / received if received else 0.0
        end = f"={seconds_text(seconds)}s" if last else f" {left_s:.0f}s"
        rows.append(f"{begin // 1024:6}K{drawn:55}{percent}{speed}{end}\n")
    return f"\n{''.join(rows)}\n"

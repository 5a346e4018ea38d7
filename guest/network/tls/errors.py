"""The errors of ``ssl``, worded as OpenSSL 3.0 and each CPython's ``_ssl`` word them.

The line of _ssl.c that every message ends with was read off CPython 3.9.18, 3.10.13, 3.11.7,
3.12.1 and 3.13.0; another release of the same minor version may have moved it a little.
"""

from __future__ import annotations

import ssl
import sys

from guest.network.home import TimedOut

# What was being done -> the line, by minor version.
LINES = {
    9: {"handshake": 1129, "slow": 1112, "read": 2633, "write": 2483, "shutdown": 2756,
        "chain": 4044, "key": 4065, "anchors": 4293, "text": 4159},
    10: {"handshake": 1007, "slow": 990, "read": 2578, "write": 2426, "shutdown": 2702,
         "chain": 3900, "key": 3921, "anchors": 4149, "text": 4015},
    11: {"handshake": 1006, "slow": 989, "read": 2580, "write": 2427, "shutdown": 2706,
         "chain": 3905, "key": 3926, "anchors": 4154, "text": 4020},
    12: {"handshake": 1000, "slow": 983, "read": 2559, "write": 2406, "shutdown": 2685,
         "chain": 3896, "key": 3917, "anchors": 4147, "text": 4015},
    13: {"handshake": 1020, "slow": 1003, "read": 2580, "write": 2427, "shutdown": 2706,
         "chain": 3916, "key": 3937, "anchors": 4168, "text": 4035},
}  # fmt: skip
PEM_LIB, X509_LIB = 524_297, 136
WANT_READ, WANT_WRITE, ZERO_RETURN, EOF = 2, 3, 6, 8


def line(doing):
    """Return what messages about *doing* something end with: ``(_ssl.c:1006)``."""
    return f"(_ssl.c:{LINES[min(max(LINES), max(min(LINES), sys.version_info[1]))][doing]})"


def error(make, number, text, doing, *, library=None, reason=None):
    """Return an error of ``ssl``, with OpenSSL's *library* and *reason* if they said it."""
    if reason is not None:
        text = f"[{library}: {reason}] {text}"
    elif library is not None:
        text = f"[{library}] {text}"
    made = make(number, f"{text} {line(doing)}")
    made.library, made.reason = library, reason
    return made


def untrusted(code, message):
    """Return the error of a client that does not trust its server."""
    text = f"certificate verify failed: {message}"
    reason = "CERTIFICATE_VERIFY_FAILED"
    make = ssl.SSLCertVerificationError
    made = error(make, 1, text, "handshake", library="SSL", reason=reason)
    made.verify_code, made.verify_message = code, message
    return made


def alerted(text, doing):
    """Return the error of someone who was sent an alert, which OpenSSL words as *text*."""
    reason = text.upper().replace(" ", "_")
    return error(ssl.SSLError, 1, text, doing, library="SSL", reason=reason)


def wrong_version():
    """Return the error of someone who expected TLS and got something else."""
    return alerted("wrong version number", "handshake")


def ended(doing):
    """Return the error of a connection that ends without an alert."""
    text = "EOF occurred in violation of protocol"
    if doing == "handshake" and sys.version_info < (3, 10):
        return closed(doing)
    if doing == "write":
        return error(ssl.SSLEOFError, EOF, text, doing)
    reason = "UNEXPECTED_EOF_WHILE_READING"
    return error(ssl.SSLEOFError, EOF, text, doing, library="SSL", reason=reason)


def closed(doing):
    """Return the error of a connection that was ended properly."""
    text = "TLS/SSL connection has been closed (EOF)"
    return error(ssl.SSLZeroReturnError, ZERO_RETURN, text, doing)


def want_read(doing):
    """Return the error of a call that would have to wait for its peer."""
    text = "The operation did not complete (read)"
    return error(ssl.SSLWantReadError, WANT_READ, text, doing)


def want_write(doing):
    """Return the error of a call that would have to wait for room."""
    text = "The operation did not complete (write)"
    return error(ssl.SSLWantWriteError, WANT_WRITE, text, doing)


def timed_out(doing):
    """Return the error of a call that took too long."""
    if doing == "handshake":
        return TimedOut(f"{line('slow').strip('()')}: The handshake operation timed out")
    return TimedOut(f"The {doing} operation timed out")


def no_certificate(doing):
    """Return the error of a file without a certificate or a key (load_cert_chain)."""
    return error(ssl.SSLError, PEM_LIB, "PEM lib", doing, library="SSL")


def no_anchors():
    """Return the error of a file without certificates (load_verify_locations)."""
    text, reason = "no certificate or crl found", "NO_CERTIFICATE_OR_CRL_FOUND"
    return error(ssl.SSLError, X509_LIB, text, "anchors", library="X509", reason=reason)


def no_anchor_data(text):
    """Return the error of cadata without certificates."""
    what = "no start line" if isinstance(text, str) else "not enough data"
    return error(ssl.SSLError, 0, f"{what}: cadata does not contain a certificate", "text")

"""What a verifier answers, with OpenSSL's numbers and words, and VOMS's words for attributes.

Read from openssl/openssl@0223dfcf: crypto/x509/x509_txt.c, include/openssl/x509_vfy.h.in (in the
words of release 3.0), ssl/statem/statem_lib.c (ssl_x509err2alert); italiangrid/voms@2eaeb9a:
src/ac/validate.cc (get_error), src/api/ccapi/api_util.cc.
"""

from __future__ import annotations

from enum import Enum
from enum import IntEnum


class Verdict(IntEnum):
    """The answer to a chain of certificates: OK, or the first thing that is wrong."""

    OK = 0
    UNABLE_TO_GET_ISSUER = 2
    UNABLE_TO_GET_CRL = 3
    SIGNATURE_FAILURE = 7
    CRL_SIGNATURE_FAILURE = 8
    NOT_YET_VALID = 9
    EXPIRED = 10
    CRL_NOT_YET_VALID = 11
    CRL_EXPIRED = 12
    SELF_SIGNED = 18
    SELF_SIGNED_IN_CHAIN = 19
    UNABLE_TO_GET_ISSUER_LOCALLY = 20
    CHAIN_TOO_LONG = 22
    REVOKED = 23
    PATH_LENGTH_EXCEEDED = 25
    INVALID_PURPOSE = 26
    UNHANDLED_CRITICAL_EXTENSION = 34
    NO_CRL_SIGN = 35
    INVALID_NON_CA = 37
    PROXY_PATH_LENGTH_EXCEEDED = 38
    NO_DIGITAL_SIGNATURE = 39
    PROXY_NOT_ALLOWED = 40
    HOSTNAME_MISMATCH = 62
    ADDRESS_MISMATCH = 64
    KEY_TOO_SMALL = 66
    CA_KEY_TOO_SMALL = 67
    PROXY_SUBJECT_VIOLATION = 72
    INVALID_CA = 79

    @property
    def words(self) -> str:
        """Return how OpenSSL puts it, e.g. "certificate has expired"."""
        return WORDS[self]

    @property
    def alert(self) -> str:
        """Return the TLS alert that a peer is sent, as its OpenSSL names it; "" for OK."""
        return ALERTS.get(self, "SSLV3_ALERT_CERTIFICATE_UNKNOWN") if self else ""


WORDS = {
    Verdict.OK: "ok",
    Verdict.UNABLE_TO_GET_ISSUER: "unable to get issuer certificate",
    Verdict.UNABLE_TO_GET_CRL: "unable to get certificate CRL",
    Verdict.SIGNATURE_FAILURE: "certificate signature failure",
    Verdict.CRL_SIGNATURE_FAILURE: "CRL signature failure",
    Verdict.NOT_YET_VALID: "certificate is not yet valid",
    Verdict.EXPIRED: "certificate has expired",
    Verdict.CRL_NOT_YET_VALID: "CRL is not yet valid",
    Verdict.CRL_EXPIRED: "CRL has expired",
    Verdict.SELF_SIGNED: "self-signed certificate",
    Verdict.SELF_SIGNED_IN_CHAIN: "self-signed certificate in certificate chain",
    Verdict.UNABLE_TO_GET_ISSUER_LOCALLY: "unable to get local issuer certificate",
    Verdict.CHAIN_TOO_LONG: "certificate chain too long",
    Verdict.REVOKED: "certificate revoked",
    Verdict.PATH_LENGTH_EXCEEDED: "path length constraint exceeded",
    Verdict.INVALID_PURPOSE: "unsuitable certificate purpose",
    Verdict.UNHANDLED_CRITICAL_EXTENSION: "unhandled critical extension",
    Verdict.NO_CRL_SIGN: "key usage does not include CRL signing",
    Verdict.INVALID_NON_CA: "invalid non-CA certificate (has CA markings)",
    Verdict.PROXY_PATH_LENGTH_EXCEEDED: "proxy path length constraint exceeded",
    Verdict.NO_DIGITAL_SIGNATURE: "key usage does not include digital signature",
    Verdict.PROXY_NOT_ALLOWED: "proxy certificates not allowed, please set the appropriate flag",
    Verdict.HOSTNAME_MISMATCH: "hostname mismatch",
    Verdict.ADDRESS_MISMATCH: "IP address mismatch",
    Verdict.KEY_TOO_SMALL: "EE certificate key too weak",
    Verdict.CA_KEY_TOO_SMALL: "CA certificate key too weak",
    Verdict.PROXY_SUBJECT_VIOLATION: "proxy subject name violation",
    Verdict.INVALID_CA: "invalid CA certificate",
}


_BAD = "SSLV3_ALERT_BAD_CERTIFICATE"
_UNKNOWN_CA = "TLSV1_ALERT_UNKNOWN_CA"
_WRONG_SIGNATURE = "TLSV1_ALERT_DECRYPT_ERROR"
_EXPIRED = "SSLV3_ALERT_CERTIFICATE_EXPIRED"
ALERTS = {
    Verdict.UNABLE_TO_GET_ISSUER: _UNKNOWN_CA,
    Verdict.UNABLE_TO_GET_CRL: _UNKNOWN_CA,
    Verdict.SIGNATURE_FAILURE: _WRONG_SIGNATURE,
    Verdict.CRL_SIGNATURE_FAILURE: _WRONG_SIGNATURE,
    Verdict.NOT_YET_VALID: _BAD,
    Verdict.EXPIRED: _EXPIRED,
    Verdict.CRL_NOT_YET_VALID: _BAD,
    Verdict.CRL_EXPIRED: _EXPIRED,
    Verdict.SELF_SIGNED: _UNKNOWN_CA,
    Verdict.SELF_SIGNED_IN_CHAIN: _UNKNOWN_CA,
    Verdict.UNABLE_TO_GET_ISSUER_LOCALLY: _UNKNOWN_CA,
    Verdict.CHAIN_TOO_LONG: _UNKNOWN_CA,
    Verdict.REVOKED: "SSLV3_ALERT_CERTIFICATE_REVOKED",
    Verdict.PATH_LENGTH_EXCEEDED: _UNKNOWN_CA,
    Verdict.INVALID_PURPOSE: "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    Verdict.HOSTNAME_MISMATCH: _BAD,
    Verdict.ADDRESS_MISMATCH: _BAD,
    Verdict.KEY_TOO_SMALL: _BAD,
    Verdict.CA_KEY_TOO_SMALL: _BAD,
    Verdict.INVALID_CA: _UNKNOWN_CA,
}


class VomsVerdict(Enum):
    """The answer to VOMS attributes; the value is how VOMS puts it."""

    OK = "ok"
    UNKNOWN_SERVER = "Cannot find certificate of AC issuer for vo"
    UNKNOWN_CHAIN = "Unable to match certificate chain against file"
    SIGNATURE = "Unable to verify AC signature"
    SERVER_REFUSED = "Certificate verification failed for the AC issuer"
    HOLDER_SERIAL = "AC has been granted to a different certificate than the passed one."
    HOLDER = "Cannot retrieve owner name from AC."
    NOT_YET_VALID = "AC not yet valid."
    EXPIRED = "AC not valid anymore."
    TARGET = "Cannot find match among allowed hosts."
    GROUPS = "VOMS Attributes absent or malformed."

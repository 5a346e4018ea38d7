"""Programs that the site checks run, and that the tools of a simulated node do not have.

As much of each as the checks ask for: python3 runs the one script that tries what a pilot
imports, openssl reads the end of a proxy, the others say that they are there.
"""

from __future__ import annotations

from typing import Mapping

from fakesites.credentials import CredentialError
from fakesites.proxyfiles import load_proxy
from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import ToolFunction
from fakesites.tools._moments import date_text
from siteverify.checks.env_python import SCRIPT

PYTHON = "3.9.21"
END_DATE = ("x509", "-noout", "-enddate", "-in")


def python3(call: ToolCall) -> int:
    """Say which version this is, or that all which a pilot imports is there."""
    words = call.argv[1:]
    if words in (("--version",), ("-V",)):
        call.out(f"Python {PYTHON}\n")
    elif words == ("-c", SCRIPT):
        call.out(f"python {PYTHON}\n")
    else:
        raise NotSpoken("other Python than the checks' own")
    return 0


def openssl(call: ToolCall) -> int:
    """Say the version, or when the certificate in a file ends."""
    words = call.argv[1:]
    if words == ("version",):
        call.out("OpenSSL 3.2.2 4 Jun 2024 (Library: OpenSSL 3.2.2 4 Jun 2024)\n")
        return 0
    if words[:-1] != END_DATE:
        raise NotSpoken("other commands than version and x509 -enddate")
    try:
        credential = load_proxy(call, words[-1])
    except (OSError, CredentialError):
        call.err(f"Could not find certificate from {words[-1]}\n")
        return 1
    call.out(f"notAfter={date_text(credential.not_after, '%b %e %H:%M:%S %Y')} GMT\n")
    return 0


def present(call: ToolCall) -> int:
    """Say that the program is there."""
    if call.argv[1:] != ("--version",):
        raise NotSpoken("other options than --version")
    call.out(f"{call.argv[0]} (simulated)\n")
    return 0


PROGRAMS: Mapping[str, ToolFunction] = {
    "lsof": present,
    "lspci": present,
    "openssl": openssl,
    "python3": python3,
}

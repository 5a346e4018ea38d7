"""Where the tools of a simulated node are held against real ones, and where they differ.

The comparison is made by the tests with the mark ``programs`` (``tox -e real-tools``), which fail
when a real program says something else than is known here. docs/reference/fidelity.md is made
of these tables.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """A *program* of a Debian *package* whose *release* was held against ours.

    *asked* are its options that were compared, *subjects* what they were asked about.
    """

    program: str
    package: str
    release: str
    asked: str
    subjects: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What *program* does, *real* and *ours*, *when*; *why* it is left so."""

    program: str
    when: str
    real: str
    ours: str
    why: str


PROXIES = (
    "a fresh proxy, one without attributes, an expired one, one whose attributes alone have"
    " expired, one not valid yet, a limited one, one of a proxy, old ones of Globus (full and"
    " limited), one of a foreign CA, one of a revoked person, attributes of an unknown server, no"
    " certificate at all, a file that others may read, no file"
)

COMPARISONS = (
    Comparison(
        "voms-proxy-info",
        "voms-clients",
        "2.1.1",
        "nothing, -all, -chain, -timeleft, -actimeleft, both with --file, -exists (-valid, -hours,"
        " -bits), -acexists, and each print option alone; a wrong option",
        PROXIES,
    ),
    Comparison(
        "arcproxy",
        "nordugrid-arc-client",
        "6.17.0",
        "-I, the four items that pilots ask for, and every item alone; a wrong item",
        PROXIES,
    ),
    Comparison(
        "grid-proxy-info",
        "globus-proxy-utils",
        "7.3",
        "nothing, -exists (-valid), and each print option alone",
        PROXIES,
    ),
    Comparison(
        "openssl",
        "openssl",
        "3.0",
        "x509 -noout with each print option, -checkend, -nameopt; verify with -CApath, -untrusted,"
        " -allow_proxy_certs, -crl_check_all; crl; sha256",
        PROXIES,
    ),
)

DIFFERENCES = (
    Difference(
        "grid-proxy-info",
        "the file is no certificate",
        "two lines `OpenSSL Error: …` with bytes of its memory, before the hint",
        "the lines before and after",
        "they are different every time",
    ),
    Difference(
        "openssl",
        "a file is not there",
        "lines `…:error:16000069:STORE routines:…` with the number of its thread, in the middle",
        "the lines before and after",
        "they are different every time",
    ),
    Difference(
        "openssl",
        "verify finds several things wrong with a chain",
        "tells them one after the other",
        "the first one",
        "the exit code is the same",
    ),
    Difference(
        "openssl",
        "the command is x509 -text, s_client, req, genrsa, pkcs12 or another one",
        "works",
        "refused, and journaled as shell.refused",
        "no pilot has been seen to need them",
    ),
    Difference(
        "voms-proxy-info",
        "-help, -text, -conf",
        "a page; the certificate in words; options from a file",
        "the first lines; refused as an unknown option",
        "for people, not for programs",
    ),
    Difference(
        "grid-proxy-init, voms-proxy-init",
        "a key is made",
        "a row of dots and pluses as long as it takes",
        "a short one",
        "it is different every time",
    ),
    Difference(
        "myproxy-logon, myproxy-init, glexec",
        "anything but that a server is not there",
        "not compared: Debian's have no server here to talk to, and no glexec",
        "after the sources",
        "no server to compare with yet",
    ),
    Difference(
        "arcproxy",
        "it is to make a proxy, or to talk to a MyProxy server",
        "works",
        "refused as wrong arguments",
        "not modelled yet",
    ),
)

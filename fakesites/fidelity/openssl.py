"""openssl beside that of Debian."""

from __future__ import annotations

from fakesites.fidelity.kinds import PROXIES
from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

COMPARISONS = (
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
)

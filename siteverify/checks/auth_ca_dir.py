"""The certificates of the authorities are installed."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

USUAL = "/etc/grid-security/certificates"
ENDINGS = (".0", ".pem")


@check(
    "auth.ca.dir",
    title="for certificate authorities",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Install the CA certificates (osg-ca-certs), or set X509_CERT_DIR to where they are.",
        ("ls ${X509_CERT_DIR:-/etc/grid-security/certificates} | head",),
    ),
    timeout_s=15.0,
)
def authorities_are_installed(vantage: Vantage, _: Settings) -> Outcome:
    """List the directory; it is often on cvmfs, and then it hangs as cvmfs does."""
    directory = vantage.env().get("X509_CERT_DIR") or USUAL
    try:
        names = vantage.list_dir(directory)
    except VantageError as error:
        return failed(f"CA_DIR_{word_for(error)}", f"no CA certificates: {error}")
    count = sum(name.endswith(ENDINGS) for name in names)
    if count == 0:
        return failed("CA_DIR_EMPTY", f"no CA certificate in {directory}", measured=0, threshold=1)
    return passed(f"{count} certificates in {directory}", measured=count, threshold=1, unit="files")

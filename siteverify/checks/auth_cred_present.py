"""A credential exists, is mine, and is not readable by others."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.credentials import proxy_path
from siteverify.credentials import token_path
from siteverify.credentials import uses_token
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import Stat
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError


@check(
    "auth.cred.present",
    title="for a credential",
    severity=Severity.CRITICAL,
    owner=Owner.VO,
    remedy=Remedy(
        "Send the job with a proxy or a token; the file must belong to the job's user, mode 0600.",
        ("echo $X509_USER_PROXY", "ls -l $X509_USER_PROXY"),
    ),
    timeout_s=20.0,
    quick=True,
)
def credential_is_present(vantage: Vantage, _: Settings) -> Outcome:
    """Look for the file of the proxy, or of the token where no proxy is named."""
    env, uid = vantage.env(), vantage.uid()
    kind = "token" if uses_token(env) else "proxy"
    path = token_path(env) if kind == "token" else proxy_path(env, uid)
    try:
        stat = vantage.stat(path)
    except VantageError as error:
        return failed(f"CRED_{word_for(error)}", f"no usable {kind}: {error}")
    return _judged(stat, uid=uid, place=f"{kind} {path}")


def _judged(stat: Stat, *, uid: int, place: str) -> Outcome:
    if stat.kind != "file":
        return failed("CRED_NO_FILE", f"{place} is not a file")
    if stat.size == 0:
        return failed("CRED_EMPTY", f"{place} is empty", measured=0, unit="bytes")
    if stat.uid != uid:
        return failed(
            "CRED_OWNER", f"{place} belongs to uid {stat.uid}", measured=stat.uid, threshold=uid
        )
    if stat.mode & 0o077:
        mode = f"{stat.mode & 0o777:04o}"
        text = f"{place} is open to others: mode {mode}"
        return failed("CRED_MODE", text, measured=mode, threshold="0600")
    return passed(place)

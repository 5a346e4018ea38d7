"""The uid of the job has an account, and the environment names the same user."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import warned
from siteverify.settings import Settings
from siteverify.vantage import HangError
from siteverify.vantage import Vantage


@check(
    "env.user",
    title="account of the user",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Make the account known on the worker node (passwd, LDAP, sssd).", ("id", "getent passwd")
    ),
    timeout_s=20.0,
)
def user_has_an_account(vantage: Vantage, _: Settings) -> Outcome:
    """Look the uid up, as getpwuid does; USER and LOGNAME may be absent but not differ."""
    uid = vantage.uid()
    try:
        account = vantage.account()
    except HangError as error:
        return failed("USER_HANG", f"the account data base does not answer: {error}")
    if account is None:
        return failed("USER_UNKNOWN", f"uid {uid} has no account", measured=uid)
    env = vantage.env()
    said = {key: env.get(key, account) for key in ("USER", "LOGNAME")}
    odd = [f"{key}={name}" for key, name in said.items() if name != account]
    if odd:
        return warned("USER_DIFFERS", f"uid {uid} is {account}, but {', '.join(odd)}")
    return passed(f"{account}, uid {uid}")

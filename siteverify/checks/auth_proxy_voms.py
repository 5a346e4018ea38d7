"""The proxy carries VOMS attributes of the right VO that last as long as it does."""

from __future__ import annotations

import re
from typing import Optional

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.credentials import VOMS_TOOLS
from siteverify.credentials import ProxyTool
from siteverify.credentials import ask
from siteverify.credentials import numbers
from siteverify.credentials import proxy_path
from siteverify.credentials import uses_token
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import skipped
from siteverify.outcome import unknown
from siteverify.outcome import warned
from siteverify.settings import Settings
from siteverify.vantage import HangError
from siteverify.vantage import Vantage

SLACK_S = 60.0
# voms-proxy-info prints FQANs, /atlas/Role=pilot/Capability=NULL, and arcproxy the bare name;
# a subgroup, /atlas/usatlas, belongs to the VO.
VO_LINE = re.compile(r"/?([a-z][a-z0-9._-]*)(?:/.*)?")


@check(
    "auth.proxy.voms",
    title="VOMS attributes of the proxy",
    severity=Severity.CRITICAL,
    owner=Owner.VO,
    remedy=Remedy(
        "Renew the attributes with the proxy; servers and storage refuse a proxy whose"
        " attributes have expired even if the proxy itself is good.",
        ("voms-proxy-info --all --file $X509_USER_PROXY",),
    ),
    depends_on=("auth.proxy.lifetime",),
    timeout_s=60.0,
    quick=True,
)
def voms_attributes_last(vantage: Vantage, settings: Settings) -> Outcome:
    """Read the attributes with the first tool that runs, and compare them with the proxy."""
    env = vantage.env()
    if uses_token(env):
        return skipped("TOKEN_USED", "jobs here use a token")
    path = proxy_path(env, vantage.uid())
    tool, text = _first_answer(vantage, path)
    if tool is None:
        return unknown("VOMS_NO_TOOL", "no tool that reads VOMS attributes runs")
    found = numbers(text)
    if not found:
        return failed("VOMS_NONE", f"{tool.name} finds no VOMS attributes")
    wrong = _wrong_vo(vantage, tool, path=path, expected=settings.vo)
    return wrong or _judged(
        found[0], proxy_left=_proxy_left(vantage, tool, path), settings=settings
    )


def _first_answer(vantage: Vantage, path: str) -> tuple[Optional[ProxyTool], str]:
    hung = None
    for tool in VOMS_TOOLS:
        try:
            ran = ask(vantage, tool.attributes_left, path=path)
        except HangError as error:
            hung = error
            continue
        if ran is not None:
            return tool, ran.stdout
    if hung:
        raise hung
    return None, ""


def _wrong_vo(vantage: Vantage, tool: ProxyTool, *, path: str, expected: str) -> Optional[Outcome]:
    """Return a failure if *expected* is not among the VOs of the attributes, else None."""
    if not expected:
        return None
    ran = ask(vantage, tool.attributes, path=path)
    vos = _vos(ran.stdout) if ran else []
    if not vos:
        return unknown("VOMS_VO_UNREAD", f"{tool.name} does not tell the VO")
    if expected in vos:
        return None
    text = f"attributes of {', '.join(vos)}, not of {expected}"
    return failed("VOMS_VO", text, measured=", ".join(vos), threshold=expected)


def _vos(text: str) -> list[str]:
    """Return the VOs named in *text*: only lines that are nothing else, whatever else spills."""
    found = [VO_LINE.fullmatch(line.strip()) for line in text.replace("|", "\n").splitlines()]
    return sorted({match[1] for match in found if match})


def _proxy_left(vantage: Vantage, tool: ProxyTool, path: str) -> float:
    ran = ask(vantage, tool.time_left, path=path)
    found = numbers(ran.stdout) if ran else []
    return found[0] if found else 0.0


def _judged(left: float, *, proxy_left: float, settings: Settings) -> Outcome:
    hours, limit = round(left / 3600, 1), settings.proxy_fail_h
    if left <= 0:
        text = "the VOMS attributes have expired, the proxy has not"
        return failed("VOMS_EXPIRED", text, measured=hours, unit="h")
    if hours < limit:
        text = f"the VOMS attributes end in {hours} h, at least {limit:g} h are needed"
        return failed("VOMS_SHORT", text, measured=hours, threshold=limit, unit="h")
    if left + SLACK_S < proxy_left:
        early = (proxy_left - left) / 3600
        text = f"the VOMS attributes end {early:.1f} h before the proxy"
        return warned("VOMS_BEFORE_PROXY", text, measured=hours, unit="h")
    return passed(f"{hours} h left", measured=hours, threshold=limit, unit="h")

"""A tool that reads proxies not only exists but runs."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.credentials import OPENSSL
from siteverify.credentials import TOOLS
from siteverify.credentials import ProxyTool
from siteverify.credentials import ask
from siteverify.credentials import uses_token
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import skipped
from siteverify.outcome import warned
from siteverify.settings import Settings
from siteverify.vantage import HangError
from siteverify.vantage import Vantage


@check(
    "auth.proxy.tool",
    title="tools that read proxies",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy(
        "Install voms-proxy-info or arcproxy, with their libraries, on the worker node.",
        ("voms-proxy-info --version", "arcproxy --version", "openssl version"),
    ),
    timeout_s=60.0,
    quick=True,
)
def a_proxy_tool_runs(vantage: Vantage, _: Settings) -> Outcome:
    """Run each tool: `which` finds an arcproxy whose libraries are missing (pilot error 1381)."""
    if uses_token(vantage.env()):
        return skipped("TOKEN_USED", "jobs here use a token")
    states = {tool.name: _state(vantage, tool) for tool in TOOLS}
    details = tuple(f"{name}: {state}" for name, state in states.items())
    usable = [name for name, state in states.items() if state == "runs"]
    if not usable:
        return failed("PROXY_TOOL_NONE", "no tool that reads proxies runs", details=details)
    if usable == [OPENSSL.name]:
        text = "only openssl runs, which cannot read VOMS attributes"
        return warned("PROXY_TOOL_NO_VOMS", text, details=details)
    return passed(", ".join(usable), details=details)


def _state(vantage: Vantage, tool: ProxyTool) -> str:
    try:
        ran = ask(vantage, tool.version, path="")
    except HangError:
        return "hangs"
    if ran is None:
        return "does not start"
    return "runs" if ran.code == 0 else f"exit code {ran.code}"

"""Find the credential of a job, and read a proxy through the tools that a pilot uses.

Options read from italiangrid/voms-clients@45f2a31 (ProxyInfoOptions.java), the C++ tool of
italiangrid/voms@2eaeb9a (voms_proxy_info.cc) and nordugrid arcproxy; pilot3@a090538b asks
`voms-proxy-info -actimeleft --timeleft --file F` and `arcproxy -i ...`. Tools print banners and
warnings around the numbers, so only lines that are a number count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from datetime import timezone
from typing import Mapping
from typing import Optional

from siteverify.vantage import HangError
from siteverify.vantage import Ran
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

TOKEN_VARIABLES = ("BEARER_TOKEN_FILE", "PANDA_AUTH_TOKEN", "OIDC_AUTH_TOKEN")
TOOL_TIMEOUT_S = 15.0
NUMBER = re.compile(r"-?[0-9]+")
NOT_STARTED = (126, 127)  # how a shell, and a loader that misses a library, end


@dataclass(frozen=True)
class ProxyTool:
    """A program that reads proxies; FILE stands for the proxy. Empty: it cannot tell."""

    name: str
    version: tuple[str, ...]
    time_left: tuple[str, ...]
    attributes_left: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Seconds left, as *tool* sees them."""

    tool: str
    seconds: float


VOMS = ProxyTool(
    name="voms-proxy-info",
    version=("voms-proxy-info", "--version"),
    time_left=("voms-proxy-info", "--timeleft", "--file", "FILE"),
    attributes_left=("voms-proxy-info", "--actimeleft", "--file", "FILE"),
    attributes=("voms-proxy-info", "--fqan", "--file", "FILE"),
)
ARC = ProxyTool(
    name="arcproxy",
    version=("arcproxy", "--version"),
    time_left=("arcproxy", "-P", "FILE", "-i", "validityLeft"),
    attributes_left=("arcproxy", "-P", "FILE", "-i", "vomsACvalidityLeft"),
    attributes=("arcproxy", "-P", "FILE", "-i", "vomsVO"),
)
OPENSSL = ProxyTool(
    name="openssl",
    version=("openssl", "version"),
    time_left=("openssl", "x509", "-noout", "-enddate", "-in", "FILE"),
)
TOOLS = (VOMS, ARC, OPENSSL)
VOMS_TOOLS = (VOMS, ARC)


def proxy_path(env: Mapping[str, str], uid: int) -> str:
    """Return where a proxy is looked for: X509_USER_PROXY, else the usual place."""
    return env.get("X509_USER_PROXY") or f"/tmp/x509up_u{uid}"


def token_path(env: Mapping[str, str]) -> str:
    """Return the first token file named in *env*, or nothing."""
    return next((env[name] for name in TOKEN_VARIABLES if env.get(name)), "")


def uses_token(env: Mapping[str, str]) -> bool:
    """Tell whether a job here has a token and names no proxy."""
    return bool(token_path(env)) and not env.get("X509_USER_PROXY")


def has_started(ran: Ran) -> bool:
    """Tell whether the program itself ran, whatever it found."""
    return not ran.timed_out and ran.code is not None and 0 <= ran.code not in NOT_STARTED


def ask(vantage: Vantage, command: tuple[str, ...], *, path: str) -> Optional[Ran]:
    """Run *command* on the proxy at *path*; None where the tool is not there or does not start.

    Raise HangError if it does not end.
    """
    argv = [path if word == "FILE" else word for word in command]
    try:
        ran = vantage.run(argv, timeout_s=TOOL_TIMEOUT_S)
    except HangError:
        raise
    except VantageError:
        return None
    if ran.timed_out:
        raise HangError(f"{argv[0]} did not end in {TOOL_TIMEOUT_S:g} s")
    return ran if has_started(ran) else None


def time_left(vantage: Vantage, path: str) -> list[Reading]:
    """Return how long the proxy at *path* lives, from each tool that can tell.

    Raise HangError if a tool hung and no other answered.
    """
    readings, hung = [], None
    for tool in TOOLS:
        try:
            ran = ask(vantage, tool.time_left, path=path)
        except HangError as error:
            hung = error
            continue
        seconds = _seconds(ran, now=vantage.now()) if ran else None
        if seconds is not None:
            readings.append(Reading(tool.name, seconds))
    if hung and not readings:
        raise hung
    return readings


def numbers(text: str) -> list[float]:
    """Return the numbers that stand alone on a line of *text*, `|` between several."""
    return [float(word) for line in text.splitlines() for word in _alone(line)]


def _alone(line: str) -> list[str]:
    words = [word.strip() for word in line.split("|")]
    return words if all(NUMBER.fullmatch(word) for word in words) else []


def _seconds(ran: Ran, *, now: float) -> Optional[float]:
    for line in ran.stdout.splitlines():
        if line.strip().startswith("notAfter="):
            return _until(line.strip()[len("notAfter=") :], now=now)
    found = numbers(ran.stdout)
    return found[0] if found else None


def _until(text: str, *, now: float) -> Optional[float]:
    try:
        end = datetime.strptime(text.strip(), "%b %d %H:%M:%S %Y GMT")
    except ValueError:
        return None
    return end.replace(tzinfo=timezone.utc).timestamp() - now

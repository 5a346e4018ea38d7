"""glexec: run a command under the account that the site gives to a credential.

Models the variables that say which proxy is shown (GLEXEC_CLIENT_CERT), which one is copied
(GLEXEC_SOURCE_PROXY) and where to (GLEXEC_TARGET_PROXY), the copy's mode, the clean environment of
the command, its exit code, and the codes of failures: 201 the caller's, 202 the system's, 203 not
authorized, 204 a code of the command that could be taken for one of these. Whom to ask, a node is
told by its lcmaps-glexec.db (fakesites.authorization). Not modelled: lingering, the log, LCAS, who
may call; id and kill of the command do not know of its account.
Read from nikhef's glexec(1), and CERN's wrapper for pilots (GLEXEC_ENV, which is decoded by the
program that unwraps it, not here).
"""

from __future__ import annotations

import posixpath
import re
from typing import Callable
from typing import Generator
from typing import Mapping

import simpy

from fakesites.authorization import CONFIGURATION
from fakesites.credentials import CredentialError
from fakesites.credentials import read_pem
from fakesites.running import Command
from fakesites.tools import ToolCall
from fakesites.tools import Work
from fakesites.tools import signal_of
from fakesites.tools import tool
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.tls import Hello

CLIENT_ERROR, SYSTEM_ERROR, NOT_AUTHORIZED, OVERLAP = 201, 202, 203, 204
ENDPOINT = re.compile(r"https://(?P<host>[^:/\s]+):(?P<port>\d+)/")
PATH = "/usr/local/bin:/bin:/usr/bin"
MODE = 0o600
OWNER = "glexec"


class Failed(Exception):
    """It goes no further: *code* is the exit code, the words are what is told."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


@tool("glexec", optional=True)
def glexec(call: ToolCall) -> Work:
    """Run the command as somebody else; its exit code, or one of 201 to 204."""
    try:
        if len(call.argv) < 2:
            raise Failed(CLIENT_ERROR, "No executable specified")
        account = yield from mapped(call, shown(call))
        target = copied(call, account)
    except Failed as failure:
        call.err(f"[gLExec]:  {failure}\n")
        return failure.code
    return (yield from run(call, account, target))


def shown(call: ToolCall) -> str:
    """Return the text of the proxy that is shown. Raises Failed."""
    name = call.env.get("GLEXEC_CLIENT_CERT", "")
    if not name:
        raise Failed(CLIENT_ERROR, "The GLEXEC_CLIENT_CERT environment variable is not set.")
    try:
        real = call.real(name)
        if real.stat().st_mode & 0o077:
            raise Failed(CLIENT_ERROR, f"The proxy {name} may be read by others.")
        text = call.read(name).decode("ascii", "replace")
        read_pem(text)
    except (OSError, CredentialError):
        raise Failed(CLIENT_ERROR, f"Error reading the proxy {name}.") from None
    return text


def mapped(call: ToolCall, text: str) -> Generator[simpy.Event, object, str]:
    """Return the account that the site's service gives. Raises Failed."""
    found = ENDPOINT.search(call.node.system_text(CONFIGURATION) or "")
    if found is None:
        raise Failed(SYSTEM_ERROR, f"LCMAPS cannot read {CONFIGURATION}.")
    host, port = found["host"], int(found["port"])
    chain = read_pem(text).chain.pem()
    request = Request(
        "AUTHZ",
        host,
        port,
        "/",
        body=chain.encode(),
        source=call.node.name,
        who=call.owner,
        client=chain,
        tls=True,
        hello=Hello(host, chain),
    )
    try:
        response = yield from call.node.network.fetch(request)
    except NetError as error:
        raise Failed(NOT_AUTHORIZED, f"LCMAPS: {host}:{port}: {error.text}") from error
    body: bytes = response.body
    decision, account = body.decode().split("\n")[:2]
    if decision != "permit":
        raise Failed(NOT_AUTHORIZED, f"LCMAPS failed to do the mapping: {decision}.")
    return account


def copied(call: ToolCall, account: str) -> str:
    """Copy the source proxy for the *account*; return where it is, "" if none. Raises Failed."""
    source = call.env.get("GLEXEC_SOURCE_PROXY", "")
    if not source:
        return ""
    target = call.env.get("GLEXEC_TARGET_PROXY", f"/srv/tmp/x509up_{account}.glexec.{call.pid}")
    try:
        text = call.read(source)
        real = call.real(target)
        real.unlink(missing_ok=True)
        real.write_bytes(text)
        real.chmod(MODE)
    except OSError as error:
        raise Failed(CLIENT_ERROR, f"Cannot copy {source} to {target}: {error.strerror}.") from None
    return target


def environment(call: ToolCall, account: str, target: str) -> Mapping[str, str]:
    """Return the environment of the command: little of the caller's is left."""
    kept = {name: text for name, text in call.env.items() if name.startswith("GLEXEC_")}
    proxy = {"X509_USER_PROXY": target} if target else {}
    home = f"/home/{account}"
    return {**kept, "HOME": home, "LOGNAME": account, "USER": account, "PATH": PATH, **proxy}


def forwarder(call: ToolCall) -> Callable[[str, str], None]:
    """Return what passes the output of the command on."""

    def forward(stream: str, text: str) -> None:
        (call.out if stream == "stdout" else call.err)(text)

    return forward


def run(call: ToolCall, account: str, target: str) -> Work:
    """Run the command and return its exit code, or 204 for one that means something else."""
    table = call.node.processes
    command = Command(
        call.argv[1:],
        environment(call, account, target),
        cwd=call.cwd,
        stdin=call.stdin,
        ppid=call.pid,
        owner=call.owner,
        user=account,
        on_output=forwarder(call),
    )
    try:
        if not posixpath.isabs(call.argv[1]):
            raise FileNotFoundError(2, "the name of the executable is not absolute")
        running = call.node.spawn(command)
    except OSError as error:
        call.err(f"[gLExec]:  Cannot execute {call.argv[1]}: {error.strerror}\n")
        return CLIENT_ERROR
    try:
        if running.finished is None:
            yield running.done
    except simpy.Interrupt as interrupt:  # what is sent to glexec is meant for its command
        # Being root's, glexec may signal what its caller may not.
        table.users[OWNER] = "root"
        table.signal(running.pid, signal_of(interrupt), by=OWNER)
        raise
    table.collect(running.pid)
    end = running.finished
    assert end is not None, "done without an end"
    if end.signal:
        return 128 + end.signal
    return OVERLAP if CLIENT_ERROR <= end.code <= OVERLAP else end.code

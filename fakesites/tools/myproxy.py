"""myproxy-logon (also as myproxy-get-delegation), myproxy-init, myproxy-info, myproxy-destroy.

Models the options that pilots, factories and their wrappers use, passphrases on standard input
(-S) or none (-n), and the words of failures. Not modelled: prompts, trust roots, -a together with
a passphrase, --voms, storing keys.
Read from gridcf/gct@0555c83ec:myproxy/source/myproxy_get_delegation.c, myproxy_init.c,
myproxy_info.c, and from what Debian's 6.2.14 says of a server that is not there.
"""

from __future__ import annotations

from typing import Generator
from typing import Mapping

import simpy

from fakesites import myproxy
from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.proxyfiles import DEFAULT_PATH
from fakesites.proxyfiles import load_proxy
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import Work
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._proxy_making import NoCredential
from fakesites.tools._proxy_making import Wish
from fakesites.tools._proxy_making import holder_of
from fakesites.tools._proxy_making import proxy_by
from fakesites.tools._proxy_making import until_text
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.tls import Hello

COMMON = (
    ("username=", "l"),
    ("pshost=", "s"),
    ("psport=", "p"),
    ("credname=", "k"),
    ("proxy_lifetime=", "t"),
    ("dn_as_username", "d"),
    ("no_passphrase", "n"),
    ("stdin_pass", "S"),
    ("quiet", "q"),
    ("verbose", "v"),
)
LOGON = Grammar(flags="dnSqvbTN", values="lspktoa", long=(*COMMON, ("out=", "o")))
INIT = Grammar(
    flags="dnSqvxX",
    values="lspktcRrZCy",
    long=(
        *COMMON,
        ("cred_lifetime=", "c"),
        ("renewable_by=", "R"),
        ("retrievable_by=", "r"),
        ("retrievable_by_cert=", "Z"),
        ("certfile=", "C"),
        ("keyfile=", "y"),
        ("regex_dn_match", "x"),
        ("match_cn_only", "X"),
    ),
)
INFO = Grammar(flags="dqv", values="lspk", long=COMMON)
NO_SERVER = (
    "Unspecified myproxy-server. Please set the MYPROXY_SERVER environment variable\n"
    "or set the myproxy-server hostname via the -s flag.\n"
)
WEEK_H = 168


class Failed(Exception):
    """The server cannot be asked, or says no; the words are what is told."""


@tool("myproxy-logon", "myproxy-get-delegation")
def myproxy_logon(call: ToolCall) -> Work | int:
    """Fetch a proxy; exit code 1 if none was had."""
    options = LOGON.read(call.argv)
    server = server_of(call, options)
    return _logon(call, options, server) if server else unspecified(call)


def _logon(call: ToolCall, options: Options, server: str) -> Work:
    default = call.env.get("X509_USER_PROXY") or DEFAULT_PATH.format(uid=call.node.spec.uid)
    path = options.get("o", default)
    try:
        fields = {
            "COMMAND": myproxy.GET,
            "USERNAME": username_of(call, options),
            "PASSPHRASE": passphrase_of(call, options),
            "LIFETIME": str(hours_of(options, "t", 12) * 3600),
            "CRED_NAME": options.get("k"),
        }
        if options.has("a"):
            fields["RENEW"] = "1"
        answer = yield from ask(call, options, server, fields)
    except Failed as failure:
        call.err(f"Failed to receive credentials.\n{failure}\n")
        return 1
    if path == "-":
        call.out(answer)
        return 0
    try:
        real = call.real(path)
        real.unlink(missing_ok=True)
        real.write_text(answer, encoding="ascii")
        real.chmod(0o600)
    except OSError as error:
        call.err(f"Failed to receive credentials.\nopen({path}) failed: {error.strerror}\n")
        return 1
    if not options.has("q"):
        user = fields["USERNAME"]
        call.out(f"A credential has been received for user {user} in {path}.\n")
    return 0


@tool("myproxy-init")
def myproxy_init(call: ToolCall) -> Work | int:
    """Store a proxy of the user's; exit code 1 if that failed."""
    options = INIT.read(call.argv)
    server = server_of(call, options)
    return _init(call, options, server) if server else unspecified(call)


def _init(call: ToolCall, options: Options, server: str) -> Work:
    hours = hours_of(options, "c", WEEK_H)
    try:
        holder = holder_of(call, options.get("C"), options.get("y"))
    except NoCredential:
        call.err("Error: Couldn't find valid credentials to generate a proxy.\n")
        call.err("grid-proxy-init failed\n")
        return 1
    made = proxy_by(call, holder, Wish(lifetime_s=hours * 3600))
    if not options.has("q"):
        call.out(f"Your identity: {holder.chain.identity}\nCreating proxy ... Done\n")
        until = until_text(made.chain.not_after)
        call.out(f"Proxy Verify OK\nYour proxy is valid until: {until}\n")
    username = options.get("l") or call.env.get("LOGNAME", "")
    username = holder.chain.identity if options.has("d") and not options.has("l") else username
    fields = {
        "COMMAND": myproxy.PUT,
        "USERNAME": username,
        "PASSPHRASE": passphrase_of(call, options),
        "LIFETIME": str(hours_of(options, "t", 12) * 3600),
        "CRED_NAME": options.get("k"),
        **policies_of(options),
        "PROXY": made.pem().replace("\n", "\t"),
    }
    try:
        yield from ask(call, options, server, fields, shown=made.chain.pem())
    except Failed as failure:
        call.err(f"{failure}\n")
        return 1
    life = f"{hours} hours ({hours / 24:.1f} days)"
    call.out(f"A proxy valid for {life} for user {username} now exists on {server}.\n")
    return 0


def policies_of(options: Options) -> dict[str, str]:
    """Return the policies as they are sent: a name alone is that of a CN, unless -x says not."""
    names: Mapping[str, str] = {"r": "RETRIEVER", "R": "RENEWER", "Z": "RETRIEVER_TRUSTED"}
    start = "" if options.has("x") else "*/CN="
    return {
        sent: f"{start}{options.get(letter)}" if options.get(letter) != "*" else "*"
        for letter, sent in names.items()
        if options.has(letter)
    }


@tool("myproxy-info")
def myproxy_info(call: ToolCall) -> Work | int:
    """Print what one has stored; exit code 1 if there is nothing."""
    return _plain(call, myproxy.INFO)


@tool("myproxy-destroy")
def myproxy_destroy(call: ToolCall) -> Work | int:
    """Remove what one has stored; exit code 1 if that failed."""
    return _plain(call, myproxy.DESTROY)


def _plain(call: ToolCall, command: str) -> Work | int:
    options = INFO.read(call.argv)
    server = server_of(call, options)
    return _asked(call, options, server, command) if server else unspecified(call)


def _asked(call: ToolCall, options: Options, server: str, command: str) -> Work:
    try:
        fields = {
            "COMMAND": command,
            "USERNAME": username_of(call, options),
            "CRED_NAME": options.get("k"),
        }
        answer = yield from ask(call, options, server, fields)
    except Failed as failure:
        call.err(f"{failure}\n")
        return 1
    if command == myproxy.DESTROY:
        user = fields["USERNAME"]
        answer = f"MyProxy credential '{options.get('k') or 'default'}' for user {user}"
        answer += " was successfully removed.\n"
    call.out(answer)
    return 0


# -- the server


def server_of(call: ToolCall, options: Options) -> str:
    """Return the server to ask, "" if none is named."""
    return options.get("s") or call.env.get("MYPROXY_SERVER", "")


def unspecified(call: ToolCall) -> int:
    """Say that no server was named, and return the exit code."""
    call.err(NO_SERVER)
    return 1


def hours_of(options: Options, letter: str, default: int) -> int:
    """Return a lifetime in hours. Raises UsageError."""
    text = options.get(letter, str(default))
    if not text.isdigit():
        raise UsageError(f"invalid number of hours: {text}")
    return int(text)


def username_of(call: ToolCall, options: Options) -> str:
    """Return under which name it is kept: the one given, the DN, the account's. Raises Failed."""
    if options.has("l"):
        return options.get("l")
    if not options.has("d"):
        if "LOGNAME" in call.env:
            return call.env["LOGNAME"]
        raise Failed("Please specify a username.")
    own = own_proxy(call, options.get("a"))
    if own is None:
        raise Failed("Cannot get subject name from your certificate.")
    return own.dn


def passphrase_of(call: ToolCall, options: Options) -> str:
    """Return the passphrase: the first line of standard input, "" with -n."""
    return "" if options.has("n") else call.stdin.partition("\n")[0]


def own_proxy(call: ToolCall, given: str = "") -> Credential | None:
    """Return the credential that the caller shows, None if there is none."""
    try:
        return load_proxy(call, proxy_path(call, given))
    except (OSError, CredentialError):
        return None


def ask(
    call: ToolCall, options: Options, server: str, fields: dict[str, str], *, shown: str = ""
) -> Generator[simpy.Event, object, str]:
    """Ask the *server* and return what it says. Raises Failed."""
    own = own_proxy(call, options.get("a"))
    shown = shown or (own.chain.pem() if own else "")
    lines = {"VERSION": "MYPROXYv2", **{name: text for name, text in fields.items() if text}}
    port = options.get("p") or call.env.get("MYPROXY_SERVER_PORT", str(myproxy.PORT))
    request = Request(
        "MYPROXY",
        server,
        int(port),
        "/",
        body="".join(f"{name}={text}\n" for name, text in lines.items()).encode(),
        source=call.node.name,
        who=call.owner,
        client=shown,
        tls=True,
        hello=Hello(server, shown),
    )
    try:
        response = yield from call.node.network.fetch(request)
    except NetError as error:
        raise Failed(words_of(call, server, port, error)) from error
    head, _, body = response.body.decode().partition("\n")[2].partition("\n")
    if head == "RESPONSE=0":
        return str(body)
    words = body.removeprefix("ERROR=")
    raise Failed(f"ERROR from myproxy-server ({server}):\n{words}")


def words_of(call: ToolCall, server: str, port: str, error: NetError) -> str:
    """Return what the programs say of a network that fails."""
    if error.kind == "dns":
        return f'Unknown host "{server}"\nUnable to connect to {server}'
    if error.kind == "tls":
        return f"Error authenticating: {error.text}"
    address = call.node.network.resolve(server, who=call.owner)
    reason = {"refused": "Connection refused", "reset": "Connection reset by peer"}
    why = reason.get(error.kind, "Connection timed out")
    return f"Unable to connect to {address}:{port}\nUnable to connect to {server}\n{why}"

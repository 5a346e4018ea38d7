"""Addresses as programs write them: checked, completed, and told apart by where they lie.

Read from CPython 3.11: Modules/socketmodule.c (getsockaddrarg, setipaddr, makesockaddr).
"""

from __future__ import annotations

import os
from _socket import AF_INET
from _socket import AF_INET6
from _socket import inet_aton
from _socket import inet_ntop
from _socket import inet_pton

from guest.network.home import LOOPBACK
from guest.network.home import LOOPBACK6
from guest.network.home import home
from guest.network.home import no_integer

ANY, ANY6 = "0.0.0.0", "::"
MAPPED = "::ffff:"
UNIX_MAX = 108
FAMILIES = {AF_INET: "AF_INET", AF_INET6: "AF_INET6"}
INTERFACES = {"lo": 1, "eth0": 2}


def number_of(name):
    """Return (family, address) if *name* is a numeric address, else None."""
    if ":" in name:
        plain = name.partition("%")[0]
        try:
            return AF_INET6, inet_ntop(AF_INET6, inet_pton(AF_INET6, plain))
        except OSError:
            return None
    if name[-1:].isdigit() or name[-1:].lower() in tuple("abcdefx"):
        # inet_aton would take words after the number; a name never begins with a digit here.
        if not name[:1].isdigit() or " " in name:
            return None
        try:
            return AF_INET, inet_ntop(AF_INET, inet_aton(name))
        except OSError:
            return None
    return None


def scope_of(name):
    """Return the interface number behind the % of an IPv6 address."""
    scope = name.partition("%")[2]
    return int(scope) if scope.isdigit() else INTERFACES.get(scope, 0)


def unmapped(address):
    """Return the IPv4 address inside an IPv6 one, or the address itself."""
    return address[len(MAPPED) :] if address.startswith(MAPPED) and "." in address else address


def is_local(address):
    """Tell whether *address* is this node's own: it never leaves the guest."""
    plain = unmapped(address)
    if plain.startswith("127.") or plain in (ANY, ANY6, LOOPBACK6, home.address):
        return True
    return bool(home.address6) and plain == home.address6


def is_loopback(address):
    """Tell whether only this node can reach *address*."""
    plain = unmapped(address)
    return plain.startswith("127.") or plain == LOOPBACK6


def source_for(address):
    """Return the node's own address from which *address* is reached."""
    plain = unmapped(address)
    if ":" in plain:
        return plain if is_local(plain) else home.address6 or LOOPBACK6
    if plain == ANY:
        return LOOPBACK
    return plain if is_local(plain) else home.address


def name_of(family, address, port, scope=0):
    """Return the tuple that CPython shows for an internet address."""
    if family == AF_INET6:
        address = f"{MAPPED}{address}" if ":" not in address else address
        return (address, port, 0, scope)
    return (address, port)


def read(family, address, what, resolve):
    """Return (host, port) of what a program gave as an address to *what* ("connect").

    *resolve* makes an address of a name. Raises TypeError, OverflowError, OSError, gaierror.
    """
    if not isinstance(address, tuple):
        kind = type(address).__name__
        raise TypeError(f"{what}(): {FAMILIES[family]} address must be tuple, not {kind}")
    least, most = (2, 2) if family == AF_INET else (2, 4)
    if not least <= len(address) <= most:
        wanted = (
            "a pair (host, port)"
            if family == AF_INET
            else "a tuple (host, port[, flowinfo[, scopeid]])"
        )
        raise TypeError(f"{FAMILIES[family]} address must be {wanted}")
    host, port = address[0], address[1].__index__() if hasattr(address[1], "__index__") else None
    if port is None:
        raise no_integer(address[1])
    if not 0 <= port <= 0xFFFF:
        raise OverflowError(f"{what}(): port must be 0-65535.")
    return resolve(_host_text(host), family), port


def _host_text(host):
    if isinstance(host, (bytes, bytearray)):
        return bytes(host).decode("ascii")
    if not isinstance(host, str):
        raise TypeError(f"str, bytes or bytearray expected, not {type(host).__name__}")
    return host


def read_unix(address):
    """Return the name of a local socket: a path, or a zero byte and a name. Raises OSError."""
    name = bytes(address) if isinstance(address, (bytes, bytearray)) else os.fsencode(address)
    if len(name) >= UNIX_MAX:
        raise OSError("AF_UNIX path too long")
    return name


def shown_unix(name):
    """Return the name of a local socket as CPython shows it: a path as text."""
    return name if name[:1] == b"\0" else os.fsdecode(name)

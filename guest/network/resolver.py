"""Names and addresses: ``getaddrinfo`` and its older siblings.

Numbers, this node's own names and localhost need nobody; other names are looked up by the host,
whose name server takes its time, may not answer, or may not know. Answers come in the order in
which to try them (RFC 6724 is the world's business). Nothing is cached, as by glibc without
nscd. Read from glibc 2.36: sysdeps/posix/getaddrinfo.c, and CPython 3.11: socketmodule.c.
"""

from __future__ import annotations

import _socket
from _socket import AF_INET
from _socket import AF_INET6
from _socket import AF_UNSPEC
from _socket import SOCK_DGRAM
from _socket import SOCK_RAW
from _socket import SOCK_STREAM

from guest.host import Refused
from guest.network import addresses
from guest.network import services
from guest.network.home import LOOPBACK
from guest.network.home import LOOPBACK6
from guest.network.home import home

# Kind, protocol, and how a service of it is called: the order in which glibc answers.
KINDS = (
    (SOCK_STREAM, _socket.IPPROTO_TCP, "tcp"),
    (SOCK_DGRAM, _socket.IPPROTO_UDP, "udp"),
    (SOCK_RAW, 0, None),
)
LOCAL_NAMES = {
    "localhost": (LOOPBACK6, LOOPBACK),
    "localhost.localdomain": (LOOPBACK6, LOOPBACK),
    "localhost4": (LOOPBACK,),
    "localhost6": (LOOPBACK6,),
    "ip6-localhost": (LOOPBACK6,),
    "ip6-loopback": (LOOPBACK6,),
}
TEXTS = {
    _socket.EAI_ADDRFAMILY: "Address family for hostname not supported",
    _socket.EAI_AGAIN: "Temporary failure in name resolution",
    _socket.EAI_BADFLAGS: "Bad value for ai_flags",
    _socket.EAI_FAIL: "Non-recoverable failure in name resolution",
    _socket.EAI_FAMILY: "ai_family not supported",
    _socket.EAI_NODATA: "No address associated with hostname",
    _socket.EAI_NONAME: "Name or service not known",
    _socket.EAI_SERVICE: "Servname not supported for ai_socktype",
    _socket.EAI_SOCKTYPE: "ai_socktype not supported",
}
BROADCAST = "<broadcast>"


def failed(number):
    """Return the gaierror of an EAI number."""
    return _socket.gaierror(number, TEXTS.get(number, "Unknown error"))


# -- one name


def look_up(name):
    """Return every address of *name*, in the order to try them. Raises gaierror."""
    if name in LOCAL_NAMES:
        return LOCAL_NAMES[name]
    if name in (home.hostname, home.hostname.partition(".")[0]):
        return (home.address6, home.address) if home.address6 else (home.address,)
    try:
        return ask("resolve", name=name)
    except Refused as refusal:
        raise failed(refusal.number) from None


def ask(kind, **fields):
    """Return the host's answer to a look-up, which takes time. Raises Refused."""
    host = home.host
    host.asked += 1
    key = f"{kind}-{host.asked}"
    waiter = host.waiting[key] = home.hub.waiter()
    # A note, not a question: the answer comes later anyhow, and half of the messages is enough.
    host.note(kind, key=key, **fields)
    return host.finish(key, waiter)


def to_address(name, family):
    """Return the first address of *name* in *family*, as connect and bind take one."""
    if name == "":
        return addresses.ANY if family == AF_INET else addresses.ANY6
    if name == BROADCAST:
        return "255.255.255.255"
    number = addresses.number_of(name)
    if number is not None:
        if number[0] != family:
            raise failed(_socket.EAI_ADDRFAMILY)
        return number[1]
    return _of_family(look_up(_plain(name)), family)[0]


def _of_family(found, family):
    matching = [each for each in found if (":" in each) == (family == AF_INET6)]
    if not matching:
        raise failed(_socket.EAI_NODATA)
    return matching


def _plain(name):
    """Return *name* as the resolver is asked for it. Raises UnicodeError."""
    if not name.isascii() or ".." in name or any(len(part) > 63 for part in name.split(".")):
        name = name.encode("idna").decode("ascii")
    return name.rstrip(".").lower()


# -- getaddrinfo


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """Return (family, type, proto, canonical name, address) for each way to reach *host*."""
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("ascii")
    elif not isinstance(host, str) and host is not None:
        raise TypeError("getaddrinfo() argument 1 must be string or None")
    if family not in (AF_UNSPEC, AF_INET, AF_INET6):
        raise failed(_socket.EAI_FAMILY)
    if host in (None, "") and port in (None, ""):
        raise failed(_socket.EAI_NONAME)
    kinds = _kinds(type, proto, port, flags)
    found, scope = _all_addresses(host, family, flags)
    canonical = (host or "") if flags & _socket.AI_CANONNAME else ""
    answers = []
    for each in found:
        of = AF_INET6 if ":" in each else AF_INET
        for kind, protocol, number in kinds:
            address = addresses.name_of(of, each, number, scope)
            answers.append((of, kind, protocol, "" if answers else canonical, address))
    return answers


def _kinds(type, proto, port, flags):
    """Return (kind, protocol, port) for what is asked for. Raises gaierror."""
    if type not in (0, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW):
        raise failed(_socket.EAI_SOCKTYPE)
    wanted = [
        (kind, protocol or proto, called)
        for kind, protocol, called in KINDS
        if type in (0, kind) and (not proto or proto == protocol or kind == SOCK_RAW == type)
    ]
    if not wanted:
        raise failed(_socket.EAI_SOCKTYPE)
    if isinstance(port, (bytes, bytearray)):
        port = bytes(port).decode("ascii")
    if type == SOCK_RAW and port is not None:
        raise failed(_socket.EAI_SERVICE)
    if port is None or isinstance(port, int) or (isinstance(port, str) and port.isdigit()):
        found = [(kind, protocol, int(port or 0) & 0xFFFF) for kind, protocol, _ in wanted]
    elif not isinstance(port, str):
        raise OSError("Int or String expected")
    elif flags & _socket.AI_NUMERICSERV:
        raise failed(_socket.EAI_NONAME)
    else:
        found = [
            (kind, protocol, services.SERVICES[port][0])
            for kind, protocol, called in wanted
            if called in services.SERVICES.get(port, (0, ()))[1]
        ]
    if not found:
        raise failed(_socket.EAI_SERVICE)
    return found


def _all_addresses(host, family, flags):
    """Return the addresses of *host* in *family*, and the scope of the first. Raises gaierror."""
    if host is None or host == "":
        return _nameless(family, flags, host), 0
    number = addresses.number_of(host)
    if number is None:
        if flags & _socket.AI_NUMERICHOST:
            raise failed(_socket.EAI_NONAME)
        found = look_up(_plain(host))
        return _chosen(found, family, flags, _socket.EAI_NODATA), 0
    found = _chosen([number[1]], family, flags, _socket.EAI_ADDRFAMILY)
    return found, addresses.scope_of(host) if "%" in host else 0


def _nameless(family, flags, host):
    if host == "":
        raise failed(_socket.EAI_NONAME)
    both = [addresses.ANY, addresses.ANY6] if flags & _socket.AI_PASSIVE else [LOOPBACK6, LOOPBACK]
    return [each for each in both if family in (0, AF_INET6 if ":" in each else AF_INET)]


def _chosen(found, family, flags, otherwise):
    if flags & _socket.AI_ADDRCONFIG and not home.address6:
        found = [each for each in found if ":" not in each or each == LOOPBACK6] or found
    if family == AF_UNSPEC:
        return list(found)
    matching = [each for each in found if (":" in each) == (family == AF_INET6)]
    if not matching and family == AF_INET6 and flags & _socket.AI_V4MAPPED:
        matching = [f"{addresses.MAPPED}{each}" for each in found]
    if not matching:
        raise failed(otherwise)
    return matching


# -- the older ones


def gethostbyname(name):
    """Return an IPv4 address of *name*. Raises gaierror."""
    return to_address(name, AF_INET)


def gethostbyname_ex(name):
    """Return (name, aliases, IPv4 addresses). Raises gaierror."""
    number = addresses.number_of(name)
    if number is not None or name in ("", BROADCAST):
        return name, [], [to_address(name, AF_INET)]
    return name, [], _of_family(look_up(_plain(name)), AF_INET)


def gethostbyaddr(name):
    """Return (name, aliases, addresses) of an address or a name. Raises gaierror, herror."""
    number = addresses.number_of(name)
    address = number[1] if number else look_up(_plain(name))[0]
    return _name_of(address), [], [address]


def _name_of(address):
    if address in (LOOPBACK, LOOPBACK6):
        return "localhost"
    if addresses.is_local(address):
        return home.hostname
    try:
        return ask("reverse", address=address)
    except Refused:
        raise _socket.herror(1, "Unknown host") from None


def getnameinfo(address, flags):
    """Return (host, service) of a numeric address. Raises gaierror, OSError."""
    if not isinstance(address, tuple):
        raise TypeError("getnameinfo() argument 1 must be a tuple")
    host, port = address[:2]
    number = addresses.number_of(host)
    if number is None:
        raise failed(_socket.EAI_NONAME)
    name = number[1]
    if not flags & _socket.NI_NUMERICHOST:
        try:
            name = _name_of(number[1])
        except _socket.herror:
            if flags & _socket.NI_NAMEREQD:
                raise failed(_socket.EAI_NONAME) from None
    service = str(port)
    if not flags & _socket.NI_NUMERICSERV:
        kind = "udp" if flags & _socket.NI_DGRAM else "tcp"
        service = services.BY_PORT.get((port, kind), service)
    return name, service

"""The well-known services and protocols of a node: what its /etc/services and /etc/protocols say.

Only what grid software asks for by name; numbers from IANA's registry.
"""

from __future__ import annotations

PROTOCOLS = {"ip": 0, "icmp": 1, "tcp": 6, "udp": 17, "ipv6": 41, "ipv6-icmp": 58}
SERVICES = {
    "ftp": (21, ("tcp",)),
    "ssh": (22, ("tcp",)),
    "telnet": (23, ("tcp",)),
    "smtp": (25, ("tcp",)),
    "domain": (53, ("tcp", "udp")),
    "http": (80, ("tcp",)),
    "kerberos": (88, ("tcp", "udp")),
    "pop3": (110, ("tcp",)),
    "sunrpc": (111, ("tcp", "udp")),
    "ntp": (123, ("udp",)),
    "imap2": (143, ("tcp",)),
    "snmp": (161, ("tcp", "udp")),
    "ldap": (389, ("tcp", "udp")),
    "https": (443, ("tcp", "udp")),
    "syslog": (514, ("udp",)),
    "ldaps": (636, ("tcp", "udp")),
    "imaps": (993, ("tcp",)),
    "rootd": (1094, ("tcp", "udp")),
    "nfs": (2049, ("tcp", "udp")),
    "gsiftp": (2811, ("tcp", "udp")),
    "squid": (3128, ("tcp",)),
    "mysql": (3306, ("tcp",)),
    "postgresql": (5432, ("tcp",)),
    "http-alt": (8080, ("tcp", "udp")),
}
BY_PORT = {(port, each): name for name, (port, kinds) in SERVICES.items() for each in kinds}


def getservbyname(name, protocol=None):
    """Return the port of a service. Raises OSError."""
    port, kinds = SERVICES.get(name, (0, ()))
    if not kinds or (protocol is not None and protocol not in kinds):
        raise OSError("service/proto not found")
    return port


def getservbyport(port, protocol=None):
    """Return the name of the service at *port*. Raises OSError, OverflowError."""
    if not 0 <= port <= 0xFFFF:
        raise OverflowError("getservbyport: port must be 0-65535.")
    for each in ("tcp", "udp") if protocol is None else (protocol,):
        if (port, each) in BY_PORT:
            return BY_PORT[port, each]
    raise OSError("port/proto not found")


def getprotobyname(name):
    """Return the number of a protocol. Raises OSError."""
    if name not in PROTOCOLS:
        raise OSError("protocol not found")
    return PROTOCOLS[name]

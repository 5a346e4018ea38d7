"""TLS on the host's side: the records that stand for it, and what a handshake comes to.

The service judges what the pilot shows, and what the pilot would make of the server's own
certificate, at the instant of the handshake (simkernel/tls.py); here its answer becomes what
the guest's ``ssl`` is told (guest/network/records.py).
"""

from __future__ import annotations

from typing import Any
from typing import Mapping

from guest import records
from simkernel import NetError
from simkernel.network import AlertError
from simkernel.network import VerifyError
from simkernel.tls import ALERTS
from simkernel.tls import Greeter
from simkernel.tls import Greeting
from simkernel.tls import Hello

HTTP = "http/1.1"


def hello_of(fields: Mapping[str, Any], anchors: Mapping[str, str]) -> Hello:
    """Return what a pilot says; *anchors* are the texts that it has told of, by name."""
    return Hello(
        server_name=fields["name"],
        chain=fields["chain"],
        anchors=tuple(anchors.get(name, name) for name in fields["anchors"]),
        verify=fields["verify"],
        check_name=fields["check_name"],
        newest=fields["newest"],
    )


def answer_to(greet: Greeter, hello: Hello, *, offered: tuple[str, ...]) -> tuple[bytes, bool]:
    """Return the records with which the server answers *hello*, and whether it then leaves.

    Raises NetError for a failure of the network.
    """
    try:
        greeting = greet(hello)
    except VerifyError as error:
        return records.handshake({"untrusted": [error.code, error.message]}), False
    except AlertError as error:
        return records.alert(error.alert, error.text), True
    except NetError as error:
        if error.kind != "tls":
            raise
        return records.alert(error.text, error.text), True
    refusal = records.alert(greeting.alert, ALERTS[greeting.alert]) if greeting.alert else b""
    if refusal and not greeting.is_late:
        return refusal, True
    welcome = records.handshake(fields_of(greeting, protocol=HTTP if HTTP in offered else None))
    return welcome + refusal, bool(refusal)


def fields_of(greeting: Greeting, *, protocol: str | None) -> dict[str, Any]:
    """Return what the guest is told of a server that it trusts."""
    return {
        "peer": dict(greeting.peer),
        "der": greeting.der.decode("latin-1"),
        "version": greeting.version,
        "protocol": protocol,
    }

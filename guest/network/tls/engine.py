"""The object behind an ``SSLSocket`` or an ``SSLObject``: a handshake and records, no secrets.

The client says what it shows and trusts, the host judges both sides and answers; a server inside
the guest answers by itself, and its client has the host judge what it shows. Who refuses whom,
and when one hears of it, is as in TLS 1.3: a server's refusal comes after the handshake. Read
from CPython 3.11: Modules/_ssl.c (_ssl__SSLSocket_*). Not modelled: session resumption,
renegotiation, channel bindings, a client's certificate shown to a server inside the guest.
"""

from __future__ import annotations

import json
import ssl

from guest import records
from guest.host import Refused
from guest.network.home import home
from guest.network.tls import errors
from guest.network.tls.shown import shown_by

CIPHERS = {
    "TLSv1.2": ("ECDHE-RSA-AES256-GCM-SHA384", "TLSv1.2", 256),
    "TLSv1.3": ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256),
}


class Engine:
    """One side of one TLS connection."""

    def __init__(self, context, link, server_side, server_hostname, owner):
        self.context = context
        self.server_side = server_side
        self.server_hostname = server_hostname
        self.owner = owner
        self.session = None
        self.session_reused = False
        self._link = link
        self._reader = records.Reader()
        self._plain = bytearray()
        self._greeted = False
        self._greeting = None
        self._failed = None
        self._over = False

    # -- handshake

    def do_handshake(self):
        """Greet the other side, as often as it takes. Raises SSLError, TimedOut."""
        if self._greeting is not None:
            return
        self._link.begin()
        if self.server_side:
            self._greet_back(self._expect_handshake())
            return
        if not self._greeted:
            self._greeted = True
            self._link.send(records.handshake(self._hello()), "handshake")
        answer = self._expect_handshake()
        if "chain" in answer:
            answer = {**self._judged(answer["chain"]), **answer}
        if "untrusted" in answer:
            self._link.send(records.alert("bad certificate"), "handshake")
            raise errors.untrusted(*answer["untrusted"])
        self._greeting = answer

    def _hello(self):
        context = self.context
        newest = context.maximum_version
        return {
            "name": self.server_hostname or "",
            **shown_by(context).as_fields(),
            "verify": context.verify_mode != ssl.CERT_NONE,
            "check_name": bool(context.check_hostname),
            "newest": "TLSv1.2" if newest == ssl.TLSVersion.TLSv1_2 else "TLSv1.3",
        }

    def _greet_back(self, hello):
        shown = shown_by(self.context)
        if not shown.chain:
            self._link.send(records.alert("handshake failure", NO_CIPHER), "handshake")
            raise errors.alerted("no shared cipher", "handshake")
        offered = hello.get("protocols", ())
        chosen = next((each for each in shown.protocols if each in offered), None)
        answer = {"chain": shown.certificates(), "version": hello["newest"], "protocol": chosen}
        self._link.send(records.handshake(answer), "handshake")
        self._greeting = {**answer, "peer": {}}

    def _judged(self, chain):
        """Have the host judge a server of this guest."""
        hello = json.loads(json.dumps(self._hello()))
        try:
            return home.host.ask("judge", chain=chain, hello=hello)
        except Refused as refusal:
            return {"untrusted": [refusal.number, refusal.text]}

    def _expect_handshake(self):
        while True:
            found = self._next("handshake")
            if found is None:
                raise errors.ended("handshake")
            kind, content = found
            if kind == records.HANDSHAKE:
                return records.fields_of(content)
            if kind == records.ALERT:
                self._hear(content, "handshake")
                raise errors.closed("handshake")

    # -- records

    def _next(self, doing):
        """Return the next record, None at the end. Raises OSError."""
        while True:
            try:
                found = self._reader.next()
            except records.NotTls:
                raise errors.wrong_version() from None
            if found is not None:
                return found
            data = self._link.receive(doing)
            if not data:
                return None
            self._reader.feed(data)

    def _hear(self, content, doing):
        """Take an alert: the end, or an error for this and every later call."""
        name, text = records.fields_of(content)
        self._over = True
        if name != records.CLOSE:
            self._failed = text or f"tlsv1 alert {name}"
            raise errors.alerted(self._failed, doing)

    # -- data

    def read(self, length=1024, buffer=None):
        """Return at most *length* bytes, or put them into *buffer* and return how many."""
        if buffer is not None:
            length = min(length, len(buffer)) if length else len(buffer)
        if length and not self._plain:
            self._link.begin()
            self._fill()
        data = bytes(self._plain[:length])
        del self._plain[:length]
        if buffer is None:
            return data
        memoryview(buffer).cast("B")[: len(data)] = data
        return len(data)

    def _fill(self):
        if self._greeting is None:
            self.do_handshake()
        while not self._plain and not self._over:
            found = self._next("read")
            if found is None:
                self._over = True
                self._failed = self._failed or ""
                raise errors.ended("read")
            kind, content = found
            if kind == records.DATA:
                self._plain += content
            elif kind == records.ALERT:
                self._hear(content, "read")

    def write(self, data):
        """Send *data* and return how much of it."""
        view = memoryview(data).cast("B")
        self._link.begin()
        if self._greeting is None:
            self.do_handshake()
        if self._failed is not None:
            raise errors.ended("write")
        self._link.send(records.record(records.DATA, bytes(view)), "write")
        return len(view)

    def pending(self):
        """Return how many bytes can be read without looking at the connection."""
        return len(self._plain)

    def shutdown(self):
        """Say goodbye, wait for the other side to do so, and return the socket."""
        self._link.begin()
        if self._failed is not None:
            raise errors.alerted("shutdown while in init", "shutdown")
        self._link.send(records.alert(records.CLOSE), "shutdown")
        while not self._over:
            found = self._next("shutdown")
            if found is None:
                raise errors.closed("shutdown")
            if found[0] == records.ALERT:
                self._hear(found[1], "shutdown")
        return self.owner

    # -- who is there

    def _done(self):
        if self._greeting is None:
            raise ValueError("handshake not done yet")
        return self._greeting

    def getpeercert(self, binary_form=False):
        """Return the other side's certificate: {} if nobody looked at it, None if there is none."""
        greeting = self._done()
        if self.server_side:
            return None
        if binary_form:
            return greeting.get("der", "").encode("latin-1") or None
        if self.context.verify_mode == ssl.CERT_NONE:
            return {}
        return {name: _tupled(value) for name, value in greeting.get("peer", {}).items()}

    def cipher(self):
        """Return (name, version, bits), or None before the handshake."""
        return CIPHERS[self.version()] if self._greeting else None

    def version(self):
        """Return "TLSv1.3" or its like, or None before the handshake."""
        return self._greeting.get("version", "TLSv1.3") if self._greeting else None

    def selected_alpn_protocol(self):
        """Return the protocol that both sides speak, if they talked about that."""
        return self._greeting.get("protocol") if self._greeting else None

    def selected_npn_protocol(self):
        return None

    def shared_ciphers(self):
        return [CIPHERS[self.version()]] if self._greeting and self.server_side else None

    def compression(self):
        return None

    def get_channel_binding(self, cb_type="tls-unique"):
        return None

    def verify_client_post_handshake(self):
        raise errors.alerted("extension not received", "shutdown")

    def get_unverified_chain(self):
        der = self.getpeercert(True)
        return [der] if der else []

    get_verified_chain = get_unverified_chain


NO_CIPHER = "sslv3 alert handshake failure"


def _tupled(value):
    """Return lists, as JSON has them, as the tuples of ``getpeercert``."""
    if isinstance(value, list):
        return tuple(_tupled(each) for each in value)
    return value

"""The server hands out proxies, as one with a MyProxy server behind it does.

Not a fault by itself: the PanDA server of a world has no proxies to give unless this stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs

from fakesites.recipes import fqans_of
from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults.server._answers import JSON
from harness.faults.server._answers import is_new_dialect
from harness.faults.server._answers import page
from harness.proxy_file import new_proxy
from harness.web import decode
from simkernel import Request

USER_DN = "/DC=sim/DC=grid/CN=robot of users"
PRODUCTION = "Role=production"


@fault("hand_out", on=("server.get_proxy",), about="hand out a new proxy to whoever asks")
@dataclass(frozen=True, slots=True)
class HandOut:
    """Answer with a proxy that lasts *lifetime_s*: a pilot's to who asks for production."""

    lifetime_s: float = 345_600.0

    def install(self, trigger: Fuse) -> None:
        """Stand in the endpoint's place."""
        trigger.on_calls(partial(self.around, trigger=trigger))

    def around(self, request: Request, _proceed: Proceed, *, trigger: Fuse) -> Work:
        """Make a proxy and answer with it."""
        yield from ()
        world = trigger.world
        vo = world.credentials.read().vo
        overrides: dict[str, object] = {"lifetime_s": self.lifetime_s}
        if PRODUCTION not in role_of(request):
            overrides |= {"dn": USER_DN, "fqans": fqans_of(vo)}
        rng = world.streams[f"fault/{trigger.label}/proxy"]
        proxy = new_proxy(rng, vo=vo, now=world.clock.wall(), overrides=overrides).pem()
        answer: dict[str, object] = {"StatusCode": 0, "errorDialog": "", "userProxy": proxy}
        if is_new_dialect(request):
            answer = {"success": True, "message": "", "data": {"user_proxy": proxy}}
        return page(200, json.dumps(answer).encode(), kind=JSON)


def role_of(request: Request) -> str:
    """Return the role that *request* asks for."""
    query = parse_qs(request.path.partition("?")[2])
    sent = decode(request.body)
    role = sent.get("role", "") if isinstance(sent, dict) else ""
    return str(role or query.get("role", [""])[0])

"""What a simulated node answers to questions about the network.

Look-ups and connections pass the points at which faults of the network stand, as a pilot's own
do. Not modelled: the tunnel through which https goes at a proxy.
"""

from __future__ import annotations

from typing import Any
from typing import Generator
from typing import Mapping
from typing import NoReturn
from urllib.parse import SplitResult
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from fakesites.node import Node
from fakesites.timelimits import LimitError
from fakesites.timelimits import within
from harness.desks.network import DNS_S
from simkernel import NetError
from simkernel import Request
from simkernel import Response
from siteverify.servers import PORTS
from siteverify.servers import Endpoint
from siteverify.servers import proxies
from siteverify.servers import proxy_endpoint
from siteverify.vantage import Answer
from siteverify.vantage import HangError
from siteverify.vantage import UnreachableError
from siteverify.vantage import UnresolvedError

AGENT = "siteverify"
KINDS: Mapping[str, str] = {"refused": "refused", "reset": "broken", "tls": "tls"}


class NodeNet:
    """The network as one node sees it, asked with a time limit in virtual seconds.

    *who* asks, for the journal.
    """

    def __init__(self, node: Node, *, who: str) -> None:
        self._node = node
        self._who = who

    def resolve(self, host: str, *, timeout_s: float) -> tuple[str, ...]:
        """Return the address of *host*."""
        node = self._node
        looking = node.points.around(
            f"net.{host}", ("resolve", node.name, host), lambda: self._look_up(host)
        )
        address: str = self._answer_to(looking, what=host, timeout_s=timeout_s)
        return (address,)

    def connect(self, host: str, port: int, *, timeout_s: float) -> None:
        """Open and close a connection."""
        node = self._node
        connecting = node.network.connect(node.name, host, port, who=self._who)
        self._answer_to(connecting, what=f"{host}:{port}", timeout_s=timeout_s)

    def fetch(self, url: str, *, timeout_s: float, env: Mapping[str, str]) -> Answer:
        """GET *url*, through the proxies of *env*, and show no credential."""
        fetching = self._node.network.fetch(self._request(url, env))
        response: Response = self._answer_to(fetching, what=url, timeout_s=timeout_s)
        if response.cut:
            raise UnreachableError(f"{url} (the answer is cut)", "broken")
        headers = {name.lower(): value for name, value in response.headers}
        return Answer(response.status, response.body.decode("utf-8", "replace"), headers)

    def _look_up(self, host: str) -> Generator[Any, Any, str]:
        yield self._node.clock.timeout(DNS_S)
        return self._node.network.resolve(host, who=self._who)

    def _request(self, url: str, env: Mapping[str, str]) -> Request:
        parts = urlsplit(url)
        host, proxy = parts.hostname or "", proxy_of(parts, env)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Request(
            method="GET",
            host=proxy.host if proxy else host,
            port=proxy.port if proxy else parts.port or PORTS[parts.scheme],
            path=url if proxy else path,
            headers=(("Host", parts.netloc), ("User-Agent", AGENT), ("Accept", "*/*")),
            source=self._node.name,
            who=self._who,
            tls=parts.scheme == "https",
        )

    def _answer_to(self, work: Generator[Any, Any, Any], *, what: str, timeout_s: float) -> Any:
        """Let the clock run until *work* is done, and return what it returns."""
        clock = self._node.clock
        try:
            answer: Any = clock.run(until=clock.process(within(clock, work, total_s=timeout_s)))
        except LimitError as error:
            raise HangError(f"{what}: no answer in {timeout_s:g} s") from error
        except NetError as error:
            _raise_for(error, what)
        return answer


def proxy_of(parts: SplitResult, env: Mapping[str, str]) -> Endpoint | None:
    """Return the HTTP proxy for the URL *parts*, as Python's own urllib finds it in *env*.

    Raises UnreachableError for a proxy that cannot be understood.
    """
    value = proxies(env).get(parts.scheme, "")
    exempt = env.get("no_proxy") or env.get("NO_PROXY") or ""
    if not value or proxy_bypass_environment(parts.hostname or "", {"no": exempt}):
        return None
    found = proxy_endpoint(value)
    if found is None:
        raise UnreachableError(f"proxy {value!r}", "broken")
    return found


def _raise_for(error: NetError, what: str) -> NoReturn:
    if error.kind == "dns":
        raise UnresolvedError(f"{what} has no address ({error.text})") from error
    if error.kind == "timeout":
        raise HangError(f"{what}: no answer") from error
    raise UnreachableError(what, KINDS.get(error.kind, "unreachable")) from error

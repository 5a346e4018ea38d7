"""Which servers a job talks to, with and without HTTP proxies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from siteverify.servers import Endpoint
from siteverify.servers import direct_endpoints
from siteverify.servers import proxy_endpoint
from siteverify.servers import urls
from tests.siteverify.fake_vantage import QUEUEDATA
from tests.siteverify.fake_vantage import SERVER
from tests.siteverify.fake_vantage import SETTINGS

TLS = Endpoint("pandaserver.sim", 25443)
PLAIN = Endpoint("pandaserver.sim", 25085)


def test_the_queue_needs_a_server_of_its_own() -> None:
    assert (SERVER, QUEUEDATA) == urls(SETTINGS)
    assert (SERVER,) == urls(replace(SETTINGS, queue=""))


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, (PLAIN, TLS)),
        ({"http_proxy": "http://squid.sim:3128"}, (TLS,)),
        ({"HTTPS_PROXY": "http://squid.sim:3128"}, (PLAIN,)),
        ({"http_proxy": "x:1", "no_proxy": "pandaserver.sim"}, (PLAIN, TLS)),
        ({"http_proxy": "x:1", "no_proxy": "other.sim,.sim"}, (PLAIN, TLS)),
        ({"http_proxy": "x:1", "no_proxy": "server.sim"}, (TLS,)),
        ({"http_proxy": "x:1", "no_proxy": "*"}, (PLAIN, TLS)),
    ],
)
def test_what_goes_through_a_proxy_is_not_reached_directly(
    env: dict[str, str], expected: tuple[Endpoint, ...]
) -> None:
    assert expected == direct_endpoints(SETTINGS, env)


def test_a_url_without_a_port_has_that_of_its_scheme() -> None:
    settings = replace(SETTINGS, queue="", server_urls=("https://a.sim/x", "http://a.sim/x"))
    assert (Endpoint("a.sim", 80), Endpoint("a.sim", 443)) == direct_endpoints(settings, {})


@pytest.mark.parametrize("value", ["squid.sim:3128", "http://squid.sim:3128/"])
def test_a_proxy_is_understood_with_and_without_its_scheme(value: str) -> None:
    assert Endpoint("squid.sim", 3128) == proxy_endpoint(value)

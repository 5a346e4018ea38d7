"""From a request to a page: find it, gather, fill the template."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from urllib.parse import quote
from urllib.parse import unquote

import jinja2

from fakeserver.monitor import pages
from fakeserver.monitor.registry import PAGES
from fakeserver.monitor.registry import ROW
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import Page
from fakeserver.monitor.registry import UnknownError
from fakeserver.monitor.scales import ago_text
from fakeserver.monitor.scales import moment_text
from fakeserver.monitor.scales import number_text
from fakeserver.monitor.scales import size_text
from fakeserver.monitor.scales import span_text
from fakeserver.operation import health
from fakeserver.wire import TEXT
from fakeserver.wire import HttpAnswer
from fakeserver.wire import HttpRequest
from simkernel import nearest

if TYPE_CHECKING:
    from fakeserver.live.meter import Meter
    from fakeserver.live.server import LiveServer

assert pages.__name__  # imported so that the registry is full

ROOT = "/flightsim/"
HTML = "text/html; charset=utf-8"


def respond_page(live: LiveServer, meter: Meter, request: HttpRequest, *, path: str) -> HttpAnswer:
    """Answer a request for the page at *path*, below the root of the pages."""
    if request.method not in ("GET", "HEAD"):
        return HttpAnswer(405, TEXT, b"method not allowed")
    name, _, key = path.partition("/")
    found = PAGES.get(name)
    if found is None:
        near = nearest(name, PAGES)
        return _lost(f"There is no page {name}.", hint=near[0] if near else "")
    query = dict(parse_qsl(request.query))
    try:
        with live.effect() as model:
            now = live.clock.now()
            ask = Ask(model, live.store, meter, now, live.begun, key=unquote(key), query=query)
            content = {"health": health(model, now=now), "now": now, **found.content(ask)}
    except UnknownError as error:
        return _lost(str(error), hint="")
    return HttpAnswer(200, HTML, render(found, content).encode())


def render(found: Page, content: Content) -> str:
    """Return the page as HTML."""
    return environment().get_template(found.template).render(page=found, **content)


def _lost(text: str, *, hint: str) -> HttpAnswer:
    body = environment().get_template("lost.html").render(text=text, hint=hint, page=None)
    return HttpAnswer(404, HTML, body.encode())


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Return what fills templates: everything is escaped, and a name that is not there an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("fakeserver.monitor"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": moment_text, "span": span_text, "number": number_text, "q": quote}
    made.filters |= {"ago": ago_text, "size": size_text}
    made.globals |= {"root": ROOT, "links": [PAGES[name] for name in ROW]}
    return made

"""Pages."""

from __future__ import annotations

from fakeserver.wire import HttpAnswer


def respond_page(live, meter, request, *, path):
    return HttpAnswer(200, "text/html", b"soon")

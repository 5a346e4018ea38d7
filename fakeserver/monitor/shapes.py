"""SVG, element by element: text in, text out, everything in it escaped."""

from __future__ import annotations

from typing import Any
from typing import Iterable

from markupsafe import Markup
from markupsafe import escape


def element(name: str, *inside: str | Markup, **attributes: Any) -> Markup:
    """Return an element; ``class_`` is class, underscores in names are hyphens, None is left out.

    What is *inside* is escaped unless it is markup already.
    """
    given = {
        key.rstrip("_").replace("_", "-"): value
        for key, value in attributes.items()
        if value is not None
    }
    text = Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in given.items())
    body = Markup("").join(escape(each) for each in inside)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), text, body)


def drawing(*inside: Markup, width: int, height: int, label: str, class_: str = "plot") -> Markup:
    """Return a whole drawing that grows with its place; *label* is for who cannot see it."""
    return element(
        "svg",
        element("title", label),
        *inside,
        viewBox=f"0 0 {width} {height}",
        role="img",
        class_=class_,
        preserveAspectRatio="none" if class_ == "strip" else None,
    )


def path(points: Iterable[tuple[float, float]], *, close: bool = False) -> str:
    """Return the ``d`` of a line through *points*."""
    text = "L".join(f"{x:g},{y:g}" for x, y in points)
    return f"M{text}{'Z' if close else ''}" if text else ""


def told(name: str, tip: str, **attributes: Any) -> Markup:
    """Return an element that says *tip* when pointed at."""
    return element(name, element("title", tip), **attributes)

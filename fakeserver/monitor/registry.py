"""Pages: by what name they are asked for, and what they are made of.

A page is a function of an Ask that returns what its template needs, as plain data. It runs while
nothing else touches the model; the template is filled afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Mapping

if TYPE_CHECKING:
    from fakeserver.live.meter import Meter
    from fakeserver.server import PandaServer
    from fakeserver.store import Store


class UnknownError(Exception):
    """There is no such page, or nothing that it could be about; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a page: *key* is what its path names, *query* what stands behind.

    *now* is the present, *begun* when the journal began (POSIX seconds).
    """

    model: PandaServer
    store: Store
    meter: Meter
    now: float
    begun: float = 0.0
    key: str = ""
    query: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a word of the query, empty when it is not there."""
        return self.query.get(name, "").strip()

    def whole(self, name: str, default: int) -> int:
        """Return a number of the query that is at least 1, *default* when it is none."""
        text = self.text(name)
        return max(1, int(text)) if text.isdigit() and len(text) < 10 else default


Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; *title* stands in the row of links, or nowhere when it is about one thing."""

    name: str
    title: str
    content: Callable[[Ask], Content]

    @property
    def template(self) -> str:
        """Return the file that shows it."""
        return f"{self.name or 'overview'}.html"


PAGES: dict[str, Page] = {}
# The row of links, left to right.
ROW = ("", "jobs", "pilots", "sites", "alarms", "plots", "history")


def page(name: str, *, title: str = "") -> Callable[[Callable[[Ask], Content]], Any]:
    """Enter the decorated function as the page *name*."""

    def enter(content: Callable[[Ask], Content]) -> Callable[[Ask], Content]:
        assert name not in PAGES
        PAGES[name] = Page(name, title, content)
        return content

    return enter

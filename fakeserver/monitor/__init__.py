"""The monitor: pages about one live server, for people with a browser.

Jobs, one job, pilots, sites, alarms, plots, history. Nothing is loaded from anywhere, there is no
script, and what others wrote is escaped: a page is text and drawings. Not modelled: the pages of
the real monitor (BigPanDA), whose questions these answer in their own way.
"""

from __future__ import annotations

from fakeserver.monitor.answering import respond_page

__all__ = ["respond_page"]

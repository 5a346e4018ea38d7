"""One page a file; to import this package fills the registry."""

from __future__ import annotations

from fakeserver.monitor.pages import alarms
from fakeserver.monitor.pages import history
from fakeserver.monitor.pages import job
from fakeserver.monitor.pages import jobs
from fakeserver.monitor.pages import overview
from fakeserver.monitor.pages import pilots
from fakeserver.monitor.pages import plots
from fakeserver.monitor.pages import sites

__all__ = ["alarms", "history", "job", "jobs", "overview", "pilots", "plots", "sites"]

"""The PanDA server of a simulated world: a plain model, and a WSGI application over it.

Two dialects, the legacy ``/server/panda/*`` and ``/api/v1/*``, act on one model. Time comes
with each request; only ``fakeserver.live`` knows sockets and the time of day.
"""

from __future__ import annotations

from fakeserver.application import application
from fakeserver.codes import StatusCode
from fakeserver.jobs import InputFile
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import OutputFile
from fakeserver.policy import Policy
from fakeserver.registry import Endpoint
from fakeserver.routing import ENDPOINTS
from fakeserver.routing import endpoint_of
from fakeserver.server import PandaServer
from fakeserver.states import State

__all__ = [
    "ENDPOINTS",
    "Endpoint",
    "InputFile",
    "Job",
    "JobSpec",
    "OutputFile",
    "PandaServer",
    "Policy",
    "State",
    "StatusCode",
    "application",
    "endpoint_of",
]

"""The pilot's proxy: attributes that end, tools that cannot read it, a server with no other."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from harness.triggers import Trigger
from scenarios.troubles._trouble import ATLAS
from scenarios.troubles._trouble import HARMLESS
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import failed
from scenarios.troubles._trouble import fault

FOUR_HOURS_S = 14_400.0
# 1163, 1177: the proxy, its attributes; 1370: about to expire; 1373: the certificate.
NO_PROXY = (1163, 1177, 1370, 1373)
NO_LIBRARY = "arcproxy: error while loading shared libraries: libarccrypto.so.3: cannot open"
ANSWERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("hand_out", {}),
    ("status_code", {"value": 90}),
    ("http_status", {"status": 500}),
    ("html", {}),
)
# Not missing: who has no proxy to show asks nobody, and no journal shows that he would have.
PROXIES = (
    ("credential.proxy", "expired"),
    ("credential.proxy", "wrong_mode"),
    ("credential.voms", "expired"),
    ("credential.voms", "voms_expired"),
)


def troubles() -> st.SearchStrategy[Trouble]:
    """Return credentials that are about to be of no use, or only seem so."""
    return st.one_of(
        st.sampled_from((127, 1)).map(_arcproxy),
        st.builds(_short, st.sampled_from(("90m", "2h")), st.sampled_from(ANSWERS)),
        st.builds(_bad, st.sampled_from(PROXIES), st.sampled_from(("stage-in", "payload"))),
    )


def _arcproxy(code: int) -> Trouble:
    """A tool is broken, and says nothing of the proxy."""
    stderr = NO_LIBRARY if code == 127 else "arcproxy: internal error"
    return Trouble((fault("tool.arcproxy", "exit", code=code, stderr=stderr),), **ATLAS)


def _short(left: str, answer: tuple[str, dict[str, Any]]) -> Trouble:
    """The attributes end during the job, and the server is asked for others."""
    do, options = answer
    return Trouble(
        (
            fault("credential.voms", "short", Trigger(phase="payload"), left=left),
            fault("server.get_proxy", do, **options),
        ),
        **{**ATLAS, "payload": {"walltime_s": FOUR_HOURS_S}},
        claim=HARMLESS if do == "hand_out" else failed(*NO_PROXY),
    )


def _bad(kind: tuple[str, str], phase: str) -> Trouble:
    return Trouble((fault(*kind, Trigger(phase=phase)),), claim=OPEN)

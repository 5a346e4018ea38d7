"""The pages in a real browser, without a window: Chromium or a relative of it.

FLIGHTSIM_BROWSER names the program; FLIGHTSIM_PICTURES a folder to leave pictures in, which is how
those of docs/pictures were made.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Iterator

import pytest
import requests

from tests.fakeserver.live.running import Running
from tests.fakeserver.live.running import running
from tests.fakeserver.monitor.day import FIRST
from tests.fakeserver.monitor.day import morning

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LIMIT_S = 120
SIZE = (1280, 1180)
PICTURES = (
    ("", "monitor"),
    ("plots", "monitor-plots"),
    (f"job/{FIRST + 9}", "monitor-job"),
    ("jobs?state=failed", "monitor-jobs"),
)
PAGES = ("", "jobs", f"job/{FIRST + 20}", "pilots", "sites", "alarms", "plots", "history")


@lru_cache(maxsize=1)
def browser() -> str:
    """Return the browser of this machine, empty without any."""
    named = os.environ.get("FLIGHTSIM_BROWSER")
    return named or next((found for name in NAMES if (found := shutil.which(name))), "")


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browser(), reason="no Chromium to be had (FLIGHTSIM_BROWSER)"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """Return a server after a morning."""
    live, _ = morning()
    with running(live) as one:
        talk(one)
        yield one


def talk(served: Running) -> None:
    """Ask a few things, as pilots and harvesters do, so that there are requests to be seen."""
    base = f"{served.plain}/server/panda"
    for number in range(4):
        requests.get(f"{base}/isAlive", timeout=LIMIT_S)
        form = {"siteName": "TRIUMF_ATLAS", "prodSourceLabel": "test", "node": f"wn{number}"}
        requests.post(f"{base}/getJob", data=form | {"mem": 4000}, timeout=LIMIT_S)
    beat = {"jobId": FIRST + 410, "state": "running", "attemptNr": 1, "node": "wn3"}
    requests.post(f"{base}/updateJob", data=beat, timeout=LIMIT_S)
    worker = {"workerID": 41, "harvesterID": "harvester-1", "status": "started", "node_id": "wn3"}
    worker["site"] = "NDGF_PROD"
    requests.post(f"{base}/updateWorkerPilotStatus", data=worker, timeout=LIMIT_S)
    requests.get(f"{base}/noSuchMethod", timeout=LIMIT_S)


def opened(url: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open *url* with a profile in *folder*; the rest of the world is not there."""
    command = [
        browser(),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--enable-logging=stderr",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        f"--user-data-dir={folder}",
        f"--window-size={SIZE[0]},{SIZE[1]}",
        *options,
        url,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_nothing_in_it_is_refused(
    served: Running, tmp_path: Path, path: str
) -> None:
    done = opened(f"{served.plain}/flightsim/{path}", tmp_path, "--dump-dom")
    assert 0 == done.returncode, done.stderr[-2000:]
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert [] == complaints
    assert "on flightsim</title>" in done.stdout
    assert "</footer>" in done.stdout


def picture(served: Running, folder: Path, path: str, *options: str) -> bytes:
    """Return what the page at *path* looks like, as PNG."""
    place = folder / "page.png"
    done = opened(f"{served.plain}/flightsim/{path}", folder, f"--screenshot={place}", *options)
    assert place.is_file(), done.stderr[-2000:]
    return place.read_bytes()


@pytest.mark.parametrize(("path", "name"), PICTURES)
def test_a_page_looks_like_something_in_the_light_and_in_the_dark(
    served: Running, tmp_path: Path, path: str, name: str
) -> None:
    light = picture(served, tmp_path, path)
    dark = picture(served, tmp_path, path, "--force-dark-mode")
    for shot in (light, dark):
        assert b"\x89PNG\r\n\x1a\n" == shot[:8]
        assert SIZE == struct.unpack(">II", shot[16:24])
        # An empty page of this size has a tenth of that.
        assert len(shot) > 30_000
    assert light != dark
    if folder := os.environ.get("FLIGHTSIM_PICTURES"):
        (Path(folder) / f"{name}.png").write_bytes(light)
        (Path(folder) / f"{name}-dark.png").write_bytes(dark)

"""The pages: each shows what it is about, and nothing that others wrote does anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from typing import Iterator

import pytest

from fakeserver.live.meter import Meter
from fakeserver.live.server import LiveServer
from fakeserver.matching import JobRequest
from fakeserver.monitor import respond_page
from fakeserver.monitor.registry import PAGES
from fakeserver.updates import read_update
from fakeserver.wire import HttpAnswer
from fakeserver.wire import HttpRequest
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import new_live
from tests.fakeserver.monitor.day import FIRST
from tests.fakeserver.monitor.day import morning
from tests.fakeserver.servers import spec

VOID = {"meta", "link", "input", "line", "path", "rect", "br"}
EVIL = "<script>alert(1)</script>"


class Checker(HTMLParser):
    """Reads a page and notes links, texts, and whatever is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.names |= {tag} | {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        if tag not in VOID:
            assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data.strip())


def read(answer: HttpAnswer) -> Checker:
    """Return a page that was read; it is well-formed, has no script and loads nothing."""
    checker = Checker()
    checker.feed(answer.body.decode())
    checker.close()
    assert [] == checker.open
    assert not checker.names & {"script", "iframe", "object", "embed", "base"}
    assert not any(name.startswith("on") for name in checker.names)
    outside = [each for each in checker.links if not each.startswith(("/flightsim/", "?", "data:"))]
    assert [] == outside
    assert "url(" not in answer.body.decode()
    return checker


def page(live: LiveServer, path: str, query: str = "") -> Checker:
    """Return the page at *path*."""
    answer = respond_page(live, Meter(), HttpRequest("GET", path, query=query), path=path)
    assert (200, "text/html; charset=utf-8") == (answer.status, answer.kind), answer.body
    return read(answer)


@pytest.fixture(scope="module")
def noon() -> Iterator[LiveServer]:
    """Return a server after a morning."""
    live, _ = morning()
    yield live


@pytest.fixture
def fresh() -> LiveServer:
    """Return a server with nothing in it."""
    return new_live()


@pytest.mark.parametrize("name", [name for name, each in PAGES.items() if each.title])
def test_every_page_is_there_with_much_and_with_nothing(
    noon: LiveServer, fresh: LiveServer, name: str
) -> None:
    for live in (noon, fresh):
        links = page(live, name).links
        assert {f"/flightsim/{each.name}" for each in PAGES.values() if each.title} <= set(links)


def test_the_links_of_every_page_lead_somewhere(noon: LiveServer) -> None:
    seen = {f"/flightsim/{each.name}" for each in PAGES.values() if each.title}
    for name in sorted(each.name for each in PAGES.values() if each.title):
        seen |= {link for link in page(noon, name).links if link.startswith("/flightsim/")}
    jobs = [link for link in seen if "/job/" in link]
    assert len(jobs) >= 100
    for link in sorted(seen - set(jobs)) + sorted(jobs)[:20]:
        path, _, query = link.removeprefix("/flightsim/").partition("?")
        page(noon, path, query)


def test_the_overview_counts_jobs(noon: LiveServer) -> None:
    texts = page(noon, "").texts
    finished = sum(job.state == "finished" for job in noon.model.jobs.values())
    assert str(finished) == texts[texts.index("finished") - 1]
    assert "BNL_ATLAS_1" in texts


def test_jobs_are_found_by_what_they_are(noon: LiveServer) -> None:
    failed = [job for job in noon.model.jobs.values() if job.state == "failed"]
    assert f"{len(failed)} jobs" in page(noon, "jobs", "state=failed").texts
    query = "state=failed&queue=TRIUMF_ATLAS&user=Ada%20Lovelace&kind=production"
    fitting = [
        job
        for job in failed
        if (job.spec.queue, job.spec.kind) == ("TRIUMF_ATLAS", "production")
        and job.spec.user.endswith("CN=Ada Lovelace")
    ]
    assert f"{len(fitting)} job{'s' * (len(fitting) != 1)}" in page(noon, "jobs", query).texts
    assert "1 job" in page(noon, "jobs", f"find={FIRST + 7}").texts
    assert "0 jobs" in page(noon, "jobs", "find=nothing+like+it").texts


def test_many_jobs_are_several_pages(noon: LiveServer) -> None:
    first, second = (page(noon, "jobs", f"page={number}") for number in (1, 2))
    shown = [[link for link in each.links if "/job/" in link] for each in (first, second)]
    assert [100, 100] == list(map(len, shown))
    assert not set(shown[0]) & set(shown[1])
    assert f"/flightsim/job/{FIRST + len(noon.model.jobs)}" == shown[0][0]
    last = page(noon, "jobs", "page=99999")
    assert f"/flightsim/job/{FIRST + 1}" in last.links
    page(noon, "jobs", "page=x")


def test_a_job_tells_its_life(noon: LiveServer) -> None:
    failed = next(job for job in noon.model.jobs.values() if job.state == "failed")
    texts = page(noon, f"job/{failed.panda_id}").texts
    for text in (f"Job {failed.panda_id}", "failed", failed.pilot, "running", "job.dispatched"):
        assert text in texts
    assert str(failed.fields["pilotErrorDiag"]) in texts


def test_a_job_that_waits_tells_why(fresh: LiveServer) -> None:
    with fresh.effect() as model:
        model.define_job(spec(1))
    texts = page(fresh, "job/1").texts
    assert "Why it waits" in texts
    assert f"no pilot has asked at {QUEUE}" in texts


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("job/77", "There is no job 77."),
        ("job/x", "There is no job x."),
        ("job/", "There is no job ."),
        ("job/" + "9" * 30, "There is no job " + "9" * 30 + "."),
        ("plot", "There is no page plot."),
        (f"job/{EVIL}", f"There is no job {EVIL}."),
    ],
)
def test_what_is_not_there_is_said(fresh: LiveServer, path: str, text: str) -> None:
    answer = respond_page(fresh, Meter(), HttpRequest("GET", path), path=path)
    assert 404 == answer.status
    checker = read(answer)
    assert text in "".join(checker.texts)
    assert "plot" != path or "/flightsim/plots" in checker.links


def test_what_others_wrote_is_only_text(fresh: LiveServer) -> None:
    with fresh.effect() as model:
        model.queues[EVIL] = {"status": EVIL}
        model.define_job(spec(1, queue=EVIL, name=EVIL, user=f"/CN={EVIL}", job_pars=EVIL))
        model.alarms.register(EVIL, EVIL, by=EVIL, now=fresh.clock.now())
        model.harvesters.pilot_status(EVIL, EVIL, status=EVIL, node=EVIL, now=1.0)
        model.worker_nodes[EVIL] = {"cpu_model": EVIL}
    meter = Meter()
    meter.count(EVIL, 200, who=EVIL, fault=EVIL)
    meter.refuse(EVIL, EVIL)
    for path in [*(each.name for each in PAGES.values() if each.title), "job/1"]:
        answer = respond_page(fresh, meter, HttpRequest("GET", path), path=path)
        assert EVIL.encode() not in answer.body
        read(answer)


def test_what_nobody_should_read_over_a_shoulder_is_not_shown(fresh: LiveServer) -> None:
    with fresh.effect() as model:
        model.define_job(spec(1))
        request = JobRequest(queue=QUEUE, label="managed", element=QUEUE, node="wn1")
        model.dispatch(request, who="p", now=fresh.clock.now())
        said = {"jobId": 1, "state": "running", "userProxy": "s3cret", "token": "s3cret"}
        model.update(read_update(said), who="p", now=fresh.clock.now())
    answer = respond_page(fresh, Meter(), HttpRequest("GET", "job/1"), path="job/1")
    assert b"s3cret" not in answer.body


def test_alarms_are_on_every_page(fresh: LiveServer) -> None:
    def status() -> str:
        body = respond_page(fresh, Meter(), HttpRequest("GET", "jobs"), path="jobs").body.decode()
        found = re.search(r'class="status (\w+)"[^>]*>\s*([^<]+?)\s*<', body)
        assert found is not None
        return " ".join(found.groups())

    assert "good all well" == status()
    with fresh.effect() as model:
        model.alarms.register("disk", "the disk is full", by="me", now=fresh.clock.now())
    assert "bad 1 alarm" == status()
    assert "the disk is full" in page(fresh, "alarms").texts


def test_a_page_is_asked_for_and_nothing_else(fresh: LiveServer) -> None:
    for method, status in (("POST", 405), ("DELETE", 405), ("HEAD", 200)):
        answer = respond_page(fresh, Meter(), HttpRequest(method, "jobs"), path="jobs")
        assert status == answer.status


def test_history_is_shown_for_a_span_and_a_queue(noon: LiveServer) -> None:
    whole = page(noon, "history", "span=all").texts
    hour = page(noon, "history", "span=hour&queue=TRIUMF_ATLAS").texts
    assert whole.count("2026-03-02 12:00:00") == hour.count("2026-03-02 12:00:00")
    snapshots = [
        len([text for text in each if text.startswith("2026-03-02 ")]) for each in (whole, hour)
    ]
    assert snapshots[0] > snapshots[1] > 5


def test_reading_a_page_changes_nothing(noon: LiveServer) -> None:
    before: dict[str, Any] = noon.model.snapshot()
    for name in [*(each.name for each in PAGES.values() if each.title), f"job/{FIRST + 1}"]:
        page(noon, name)
    assert before == noon.model.snapshot()


def test_any_snapshot_of_the_history_can_be_looked_at(noon: LiveServer) -> None:
    then = page(noon, "history", "span=all")
    (link, *_) = [each for each in then.links if "at=" in each]
    assert "As it was" not in then.texts
    seen = page(noon, "history", link.partition("?")[2])
    assert "As it was" in seen.texts
    assert "As it was" not in page(noon, "history", "at=1").texts


def test_a_job_that_failed_says_why_and_how_it_went(noon: LiveServer) -> None:
    failed = next(job for job in noon.model.jobs.values() if job.state.value == "failed")
    texts = page(noon, f"job/{failed.panda_id}").texts
    assert any(text.startswith("pilot 1") and "Failed" in text for text in texts)
    assert f"sim:{failed.panda_id}" in texts
    assert any(text.startswith("running → holding by pilot-") for text in texts)

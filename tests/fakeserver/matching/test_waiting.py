"""The waiting room finds what looking at all would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakeserver.dispatch import JobRequest
from fakeserver.dispatch import choose
from fakeserver.jobs import JobSpec
from fakeserver.matching import Asking
from fakeserver.matching import obstacles
from fakeserver.matching import shape_of
from fakeserver.matching.waiting import Heap
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec

JOBS = st.lists(
    st.fixed_dictionaries(
        {
            "priority": st.integers(1, 3),
            "label": st.sampled_from(["managed", "user", "test"]),
            "min_ram_count": st.sampled_from([0, 1000, 2000]),
            "user": st.sampled_from(["/CN=Ann", "/CN=Bob"]),
            "task_id": st.integers(1, 2),
        }
    ),
    max_size=12,
)
REQUESTS = st.lists(
    st.fixed_dictionaries(
        {
            "label": st.sampled_from(["managed", "user", "unified"]),
            "memory": st.sampled_from([0, 1500]),
            "user": st.sampled_from(["", "", "/CN=Ann"]),
            "task": st.sampled_from(["", "", "1", "NULL"]),
        }
    ),
    max_size=12,
)


def looked_for(jobs: list[JobSpec], asking: Asking) -> int | None:
    """Return the job that is to go first, looking at all of them."""
    fitting = [job for job in jobs if not obstacles(shape_of(job, share=""), job, asking)]
    first = min(fitting, key=lambda job: (-job.priority, job.panda_id), default=None)
    return None if first is None else first.panda_id


@given(JOBS, REQUESTS, st.data())
def test_what_is_chosen_is_what_one_would_choose(
    jobs: list[dict[str, object]], requests: list[dict[str, str]], data: st.DataObject
) -> None:
    bench = Bench()
    waiting = [spec(number, **each) for number, each in enumerate(jobs, 1)]
    for each in waiting:
        bench.server.define_job(each)
    for each in requests:
        if waiting and data.draw(st.booleans()):
            gone = data.draw(st.sampled_from(waiting))
            bench.server.kill(gone.panda_id)
            waiting.remove(gone)
        request = JobRequest(QUEUE, **each)  # type: ignore[arg-type]
        expected = looked_for(waiting, Asking(request))
        found = choose(bench.server.table, Asking(request))
        assert expected == (found.panda_id if found else None)
        if found is not None:
            bench.server.dispatch(request, who="pilot", now=bench.dial.now)
            waiting = [each for each in waiting if each.panda_id != found.panda_id]


def test_an_entry_that_comes_back_is_in_the_heap_once() -> None:
    heap = Heap()
    for _ in range(100):
        heap.add((-1, 1))
        heap.alive.discard((-1, 1))
    heap.add((-1, 1))
    assert (-1, 1) == heap.first()
    assert 1 == len(heap._heap)


def test_acquiring_does_not_look_at_every_job(bench: Bench) -> None:
    for number in range(1, 2001):
        bench.server.define_job(spec(number, priority=number % 7))
    room = bench.server.table.waiting
    assert 1 == len(list(room.shapes((QUEUE,))))
    assert 6 == bench.get()


def test_a_changed_priority_counts_at_once(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.server.define_job(spec(2))
    bench.server.set_priority(2, 5000)
    assert (2, 1) == (bench.get(), bench.get())

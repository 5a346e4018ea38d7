"""Clocks, dates and file times."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

from guest.clock.stamps import Stamps
from guest.clock.stamps import Timed
from guest.clock.writes import Writes
from tests.guest.tiny_host import TinyHost


def test_every_clock_shows_the_same_instant(host: TinyHost) -> None:
    program = """
import time, datetime
time.sleep(0.5)
print(time.time(), time.time_ns(), time.monotonic(), time.clock_gettime(time.CLOCK_REALTIME))
print(datetime.datetime.now().isoformat(), datetime.datetime.now(datetime.timezone.utc))
print(datetime.datetime.utcnow(), datetime.date.today(), datetime.datetime.today())
print(time.strftime("%H:%M:%S"), time.ctime(), time.gmtime().tm_year, time.localtime().tm_hour)
"""
    expect = """\
1772352010.5 1772352010500000000 10.5 1772352010.5
2026-03-01T08:00:10.500000 2026-03-01 08:00:10.500000+00:00
2026-03-01 08:00:10.500000 2026-03-01 2026-03-01 08:00:10.500000
08:00:10 Sun Mar  1 08:00:10 2026 2026 8
"""
    assert expect == host.fly(program)


def test_dates_that_c_code_makes_are_instances_of_the_replaced_types(host: TinyHost) -> None:
    program = """
import datetime, email.utils, pickle
made = email.utils.parsedate_to_datetime("Sun, 01 Mar 2026 08:00:00 +0000")
now = datetime.datetime.now()
print(isinstance(made, datetime.datetime), isinstance(now, datetime.date))
later = now + datetime.timedelta(1)
print(isinstance(datetime.date.today(), datetime.datetime), type(later).__name__)
print(pickle.loads(pickle.dumps(now)) == now)
"""
    assert "True True\nFalse datetime\nTrue\n" == host.fly(program)


def test_a_clock_function_kept_as_a_class_attribute_does_not_become_a_method(
    host: TinyHost,
) -> None:
    program = """
import logging, sys, time
logging.Formatter.converter = time.gmtime
logging.basicConfig(stream=sys.stdout, format="%(asctime)s %(message)s")
logging.warning("x")
"""
    assert "2026-03-01 08:00:10,000 x\n" == host.fly(program)


def test_a_file_has_the_time_at_which_it_was_written(host: TinyHost) -> None:
    program = """
import os, time
os.mkdir("d"); out = open("d/x", "w")
time.sleep(100); out.write("1"); out.flush(); written = time.time()
time.sleep(100); print(os.stat("d/x").st_mtime - written, os.path.getmtime("d") - written)
os.utime("d/x"); print(os.stat("d/x").st_mtime == time.time())
os.utime("d/x", (5, 5)); time.sleep(1); print(os.stat("d/x").st_mtime)
"""
    assert "0.0 -100.0\nTrue\n5.0\n" == host.fly(program)


def test_a_wait_too_short_for_the_clock_still_ends(host: TinyHost) -> None:
    program = """
import time
end = time.time() + 1
while time.time() < end: time.sleep(1e-12)
""".replace("1e-12", "(end - time.time()) / 2")
    host.fly(program)
    assert host.now >= 11.0


def test_a_clock_that_steps_backwards_is_never_seen(host: TinyHost) -> None:
    program = """
import time, threading
seen = []
def look():
    for _ in range(200): seen.append(time.monotonic()); time.sleep(0.1 / 3)
threads = [threading.Thread(target=look) for _ in range(5)]
for each in threads: each.start()
for each in threads: each.join()
print(seen == sorted(seen))
"""
    assert "True\n" == host.fly(program)


def test_no_wait_looks_too_short_by_any_clock(host: TinyHost) -> None:
    program = """
import random, threading, time
for _ in range(300):
    delay = random.random() * 10 ** random.randint(-4, 4)
    for wait in (time.sleep, threading.Event().wait):
        begin = [time.time(), time.monotonic()]; wait(delay)
        took = [time.time() - begin[0], time.monotonic() - begin[1]]
        assert all(delay <= each < delay + 2e-6 for each in took), (delay, took)
print("fine")
"""
    assert "fine\n" == host.fly(program)


def test_cpu_time_is_what_reading_it_costs(host: TinyHost) -> None:
    program = """
import os, resource, time
time.sleep(100); print(time.process_time(), os.times()[:2], os.times().elapsed)
for _ in range(9): time.process_time()
print(round(time.process_time(), 9), round(resource.getrusage(resource.RUSAGE_SELF).ru_utime, 9))
print(round(time.thread_time(), 9), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime)
"""
    assert "1e-06 (1e-06, 0.0) 110.0\n1.1e-05 1.1e-05\n1e-06 0.0\n" == host.fly(program)


def test_the_date_types_are_the_true_ones(host: TinyHost) -> None:
    program = """
import _datetime, datetime
print(datetime.datetime is _datetime.datetime, datetime.date is _datetime.date)
print(datetime.datetime.now(), datetime.datetime.now().date(), datetime.date.today())
"""
    expect = "True True\n2026-03-01 08:00:10 2026-03-01 2026-03-01\n"
    assert expect == host.fly(program)


def test_a_file_has_its_time_at_the_instant_at_which_it_was_written(host: TinyHost) -> None:
    program = """
import os, shutil, time
begin = time.time()
def when(path): return os.stat(path).st_mtime - begin
open("a", "w").write("x")
print(when("a"), [e.stat().st_mtime - begin for e in os.scandir() if e.name == "a"])
time.sleep(10); shutil.copy2("a", "b"); shutil.copy("a", "c")
time.sleep(10); print(when("b"), when("c"))
open("t", "w").write("x"); os.rename("t", "u"); time.sleep(10); print(when("u"))
os.mkdir("d"); os.rename("a", "d/a"); time.sleep(10); print(when("d/a"), when("d"))
os.rename("d", "e"); time.sleep(10); open("e/new", "w")
time.sleep(10); print(when("e/a"), when("e/new"))
with open("f", "w") as f: f.write("x"); print(os.fstat(f.fileno()).st_mtime - begin)
"""
    expect = "0.0 [0.0]\n0.0 10.0\n20.0\n0.0 30.0\n0.0 50.0\n60.0\n"
    assert expect == host.fly(program)


def test_what_is_renamed_or_given_a_time_is_stamped_before(tmp_path: Path) -> None:
    stamps = Stamps(SimpleNamespace(posix=1000.0, compiled=None), str(tmp_path), Writes())
    timed = Timed(SimpleNamespace(posix=1000.0, compiled=None), stamps)
    for number, rename in enumerate((timed.rename, timed.replace)):
        stamps._writes.maybe = True
        (tmp_path / "new").touch()
        rename(tmp_path / "new", tmp_path / str(number))
    stamps._writes.maybe = True
    (tmp_path / "given").touch()
    timed.utime(tmp_path / "given", (7, 7))
    stamps._writes.maybe = True
    stamps()
    assert [1000.0, 1000.0, 7.0] == [(tmp_path / n).stat().st_mtime for n in ("0", "1", "given")]


def test_more_files_at_an_instant_than_the_kernel_counts_all_have_its_time(tmp_path: Path) -> None:
    with open("/proc/sys/fs/inotify/max_queued_events", encoding="ascii") as source:
        count = int(source.read()) + 100
    root = tmp_path / "root"
    root.mkdir()
    (root / "old").touch()
    os.utime(root / "old", (7, 7))
    stamps = Stamps(SimpleNamespace(posix=1000.0, compiled=None), str(root), Writes())
    for number in range(count):
        (root / str(number)).touch()
    (root / "folder").mkdir()
    stamps()
    (root / "folder" / "new").touch()
    stamps._writes.maybe = True
    stamps()
    assert {1000.0} == {entry.stat().st_mtime for entry in os.scandir(root) if entry.name != "old"}
    assert 7 == (root / "old").stat().st_mtime
    assert 1000.0 == (root / "folder" / "new").stat().st_mtime

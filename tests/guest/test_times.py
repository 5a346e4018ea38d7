"""Clocks, dates and file times."""

from __future__ import annotations

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

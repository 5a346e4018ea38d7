"""All clocks of clock_gettime answer; unknown ones, and setting one, are refused."""

import time

names = sorted(name for name in dir(time) if name.startswith("CLOCK_"))
known = (
    "BOOTTIME",
    "MONOTONIC",
    "MONOTONIC_RAW",
    "PROCESS_CPUTIME_ID",
    "REALTIME",
    "THREAD_CPUTIME_ID",
)
for name in known:
    clock = getattr(time, f"CLOCK_{name}")
    print(
        name,
        time.clock_gettime(clock) >= 0,
        time.clock_gettime_ns(clock) >= 0,
        time.clock_getres(clock) <= 0.1,
    )
for call in (
    lambda: time.clock_gettime(12345),
    lambda: time.clock_getres(12345),
    lambda: time.clock_gettime("x"),
):
    try:
        call()
    except (OSError, TypeError) as error:
        print(type(error).__name__)

"""get_clock_info describes the clocks."""

import time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    info = time.get_clock_info(name)
    print(name, info.monotonic, info.adjustable, info.resolution <= 0.1, info.implementation)
try:
    time.get_clock_info("sundial")
except ValueError as error:
    print(error)

"""The clocks in nanoseconds agree with those in seconds."""

import time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    seconds, nanoseconds = getattr(time, name)(), getattr(time, f"{name}_ns")()
    print(
        name,
        type(seconds).__name__,
        type(nanoseconds).__name__,
        abs(nanoseconds / 1e9 - seconds) < 1,
    )

"""abort() breaks a barrier at once; reset() sends those away that wait."""

import threading
import time

for way in ("abort", "reset"):
    barrier, log = threading.Barrier(2), []

    def come():
        try:
            barrier.wait()
        except threading.BrokenBarrierError:
            log.append("broken")

    thread = threading.Thread(target=come)
    thread.start()
    time.sleep(0.1)
    getattr(barrier, way)()
    thread.join()
    print(way, log, barrier.broken)

"""sys._current_frames shows where each thread is."""

import sys
import threading
import time


def waiting():
    time.sleep(0.3)


thread = threading.Thread(target=waiting)
thread.start()
time.sleep(0.1)
frames = sys._current_frames()
names = []
frame = frames[thread.ident]
while frame:
    names.append(frame.f_code.co_name)
    frame = frame.f_back
print("waiting" in names, len(frames), threading.get_ident() in frames)
thread.join()
print(len(sys._current_frames()))

"""A profile function in the main thread does not see the others."""

import sys
import threading

names = []


def profile(frame, event, argument):
    if event == "call" and frame.f_code.co_name in ("mine", "theirs"):
        names.append(frame.f_code.co_name)


def mine():
    pass


def theirs():
    pass


sys.setprofile(profile)
mine()
thread = threading.Thread(target=theirs)
thread.start()
thread.join()
mine()
sys.setprofile(None)
print(names)

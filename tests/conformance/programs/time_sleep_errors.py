"""sleep refuses negative times and what is no number."""

import time

for each in (-1, float("nan"), "x", None, 1e30, [1]):
    try:
        time.sleep(each)
        print("slept")
    except Exception as error:
        print(type(error).__name__)
print(time.sleep(0), time.sleep(True) if False else None)

"""Exit functions run last first, and may be taken back."""

import atexit

for number in range(3):
    atexit.register(print, number)
atexit.register(print, "taken back")
atexit.unregister(print)
for number in range(3):
    atexit.register(lambda n=number: print("exit", n))


@atexit.register
def last():
    print("decorated")

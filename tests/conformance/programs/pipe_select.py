"""select waits for a pipe to become readable."""

import os
import select
import threading

readable, writable = os.pipe()
print(select.select([readable], [], [], 0.1))
threading.Timer(0.1, os.write, (writable, b"x")).start()
print(select.select([readable], [], [], 10)[0] == [readable], os.read(readable, 5))

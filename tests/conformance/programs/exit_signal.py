"""A program that kills itself ends by the signal."""

import os
import signal

print("before", flush=True)
os.kill(os.getpid(), signal.SIGTERM)
print("never", flush=True)

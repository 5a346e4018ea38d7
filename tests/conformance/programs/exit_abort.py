"""abort ends by SIGABRT."""

import os

print("before", flush=True)
os.abort()

"""Temporary files and folders are there, and go."""

import os
import tempfile
import time

tempfile.tempdir = "."
with tempfile.NamedTemporaryFile() as out:
    print(abs(os.stat(out.name).st_mtime - time.time()) < 5)
print(os.path.exists(out.name))
with tempfile.TemporaryDirectory() as folder:
    print(os.path.isdir(folder))
print(os.path.exists(folder))

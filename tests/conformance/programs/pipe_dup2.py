"""Standard output is put on a pipe, and back."""

import os
import sys

reader, writer = os.pipe()
sys.stdout.flush()
kept = os.dup(1)
os.dup2(writer, 1)
os.close(writer)
print("into the pipe")
sys.stdout.flush()
os.dup2(kept, 1)
os.close(kept)
print("back", os.read(reader, 100), os.read(reader, 100))

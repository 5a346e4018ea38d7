"""What was registered for a fork runs before it, and after it in parent and child."""

import os

said = []
os.register_at_fork(
    before=lambda: said.append("before"),
    after_in_parent=lambda: said.append("parent"),
    after_in_child=lambda: said.append("child"),
)
reader, writer = os.pipe()
if os.fork() == 0:
    os.write(writer, " ".join(said).encode())
    os._exit(0)
os.wait()
print(said, os.read(reader, 100))

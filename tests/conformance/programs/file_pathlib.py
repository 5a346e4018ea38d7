"""pathlib reads, writes, touches and lists with the same times."""

import pathlib
import time

path = pathlib.Path("d") / "f"
path.parent.mkdir()
path.write_text("x")
before = path.stat().st_mtime
time.sleep(0.1)
path.touch()
print(
    path.stat().st_mtime > before, [each.name for each in path.parent.iterdir()], path.read_text()
)
before = path.stat().st_mtime
time.sleep(0.1)
path = path.rename(path.with_name("g"))
print(
    path.stat().st_mtime == before,
    sorted(each.name for each in pathlib.Path(".").rglob("*") if each.suffix != ".py"),
)
path.unlink()
print(path.exists(), path.parent.is_dir())

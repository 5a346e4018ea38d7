"""One seed, one run: random numbers, ids, names and listings."""

from __future__ import annotations

from pathlib import Path

from tests.guest.tiny_host import TinyHost

PROGRAM = """
import os, random, secrets, ssl, tempfile, uuid, threading
for name in ("b", "a", "c"): open(name, "w")
print(random.random(), random.Random().random(), random.SystemRandom().random(), os.urandom(4))
print(uuid.uuid4(), uuid.uuid1(), secrets.token_hex(4), os.path.basename(tempfile.mktemp()))
print(open("/dev/urandom", "rb").read(4), open("/dev/random", "rb", 0).read(4), ssl.RAND_bytes(4))
print(os.listdir("."), [entry.name for entry in os.scandir(".")], hash("text"))
print([threading.Thread().name for _ in range(2)], threading.get_ident(), {object() for _ in "ab"})
""".replace(', {object() for _ in "ab"}', "")


def fly(folder: Path, seed: int) -> str:
    folder.mkdir()
    return TinyHost(folder).fly(PROGRAM, seed=seed)


def test_one_seed_gives_one_run(tmp_path: Path) -> None:
    assert fly(tmp_path / "one", 7) == fly(tmp_path / "another-name", 7)


def test_another_seed_gives_another_run(tmp_path: Path) -> None:
    assert fly(tmp_path / "one", 7) != fly(tmp_path / "two", 8)


def test_listings_are_sorted(tmp_path: Path) -> None:
    assert "['a', 'b', 'c', 'program.py'] ['a', 'b', 'c', 'program.py']" in fly(tmp_path / "x", 1)


VANISHING = """
import os
for name in ("a", "x.vanishing", "y.vanishing"): open(name, "w")
listed = sorted(os.listdir("."))
print(listed[1:], os.path.exists("x.vanishing"), os.path.exists("y.vanishing"))
names = [name for _, _, files in os.walk(".") for name in files]
print(sorted(names)[2:], os.path.exists("y.vanishing"), os.path.exists("a"))
"""


def test_of_what_vanishes_one_file_is_gone_once_it_was_listed(tmp_path: Path) -> None:
    seen = TinyHost(tmp_path).fly(VANISHING, seed=1)
    assert "['program.py', 'x.vanishing', 'y.vanishing'] False True" in seen
    assert "['y.vanishing'] False True" in seen

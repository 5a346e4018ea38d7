"""Files only by the methods of a path, or by pilotcore/files.py."""

from __future__ import annotations

import ast
import tarfile
from pathlib import Path
from pathlib import PurePosixPath

import pytest

import pilotcore
from pilotcore import files

ROOM = Path(pilotcore.__file__).parent
# Who runs on a real node only.
LIVE = {"__main__.py", "files.py"}
FORBIDDEN = {"glob", "io", "shutil", "sqlite3", "tarfile", "tempfile", "zipfile"}
# Of os only what has nothing to do with files.
ALLOWED = {"os.environ", "os.getuid"}


def modules() -> list[Path]:
    """Return the modules that must work in any file system."""
    there = sorted(ROOM.rglob("*.py"))
    return [path for path in there if path.name not in LIVE and not path.name.startswith("live")]


def complaints(text: str) -> list[str]:
    """Return what a module's *text* does with files past paths and files.py."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name.split(".")[0] in FORBIDDEN]
        elif isinstance(node, ast.ImportFrom):
            found += [str(node.module)] if str(node.module).split(".")[0] in FORBIDDEN else []
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            found += [name] if node.value.id == "os" and name not in ALLOWED else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found += [f"{node.func.id}()"] if node.func.id in ("open", "Path") else []
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOM)))
def test_a_module_of_the_core_knows_no_file_system_but_the_platforms(path: Path) -> None:
    assert [] == complaints(path.read_text())


@pytest.mark.parametrize(
    "text",
    [
        "import shutil",
        "from tarfile import open as untar",
        "os.replace(a, b)",
        "os.path.isfile(a)",
        "open(a)",
        "Path(a)",
    ],
)
def test_what_goes_past_the_platform_is_found(text: str) -> None:
    assert 1 == len(complaints(text))


def test_a_class_of_paths_may_bring_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere(PurePosixPath):
        """A path of another file system."""

    removed: list[object] = []
    files.remove_tree.register(Elsewhere, removed.append)
    files.remove_tree(Elsewhere("/there"))  # type: ignore[arg-type]
    assert [Elsewhere("/there")] == removed


def test_a_lock_is_held_once_and_free_again_when_released(tmp_path: Path) -> None:
    lock = files.hold(tmp_path / "lock", make=True)
    assert lock is not None
    assert files.hold(tmp_path / "lock", make=True) is None
    lock.release()
    again = files.hold(tmp_path / "lock", make=False)
    assert again is not None
    again.release()


def test_there_is_no_lock_without_a_file(tmp_path: Path) -> None:
    assert files.hold(tmp_path / "lock", make=False) is None


def test_a_tree_is_measured_removed_and_walked(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/c").write_text("four")
    (tmp_path / "a/link").symlink_to("nowhere")
    assert [4, 7] == sorted(size for size, _ in files.sizes_and_times(tmp_path / "a"))
    walked = [(str(folder.relative_to(tmp_path)), *rest) for folder, *rest in files.walk(tmp_path)]
    assert [(".", ["a"], []), ("a", ["b"], ["link"]), ("a/b", [], ["c"])] == walked
    files.remove_tree(tmp_path / "a")
    assert [] == list(tmp_path.iterdir())


def test_a_member_that_is_gone_is_left_out_of_a_tarball(tmp_path: Path) -> None:
    target = tmp_path / "log.tgz"
    entries = [files.Entry("gone", tmp_path / "gone"), files.Entry("text", data=b"text")]
    files.write_tarball(target, entries, now=7.0)
    with tarfile.open(target) as tarball:
        assert [("text", 4, 7)] == [(row.name, row.size, row.mtime) for row in tarball]

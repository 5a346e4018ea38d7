"""Installing a pilot once, by its content."""

from __future__ import annotations

import importlib.util
import marshal
import os
import re
import subprocess
import sys
from pathlib import Path
from types import CodeType

import pytest

import harness
from harness.pilots import cache as caches
from harness.pilots import cache_folder
from harness.pilots import install
from harness.pilots import parse_choice
from harness.pilots import parse_choices
from harness.pilots import pypi
from simkernel import HarnessError
from simkernel import ScenarioError
from tests.harness.pilots.tiny_pilots import checkout
from tests.harness.pilots.tiny_pilots import release

ROOT = Path(harness.__file__).resolve().parent.parent


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return the folder of a cache that is not there yet."""
    return tmp_path / "cache"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that pip takes for the only index there is."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    return folder


def names(root: Path) -> list[str]:
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sorted(path.relative_to(root).as_posix() for path in found)


# -- where the cache is


def test_the_cache_is_where_the_variable_says(tmp_path: Path) -> None:
    assert tmp_path == cache_folder({"FLIGHTSIM_CACHE": str(tmp_path)})


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps caches elsewhere")
def test_the_cache_is_the_users(tmp_path: Path) -> None:
    assert tmp_path / "flightsim" == cache_folder({"XDG_CACHE_HOME": str(tmp_path)})
    assert Path.home() / ".cache" / "flightsim" == cache_folder({})
    assert cache_folder({}) == cache_folder({"XDG_CACHE_HOME": "relative"})


def test_a_cache_that_cannot_be_written_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    choice = parse_choice(str(checkout(tmp_path / "p")))
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(HarnessError, match=r"cannot write the cache.*set FLIGHTSIM_CACHE"):
        install(choice, cache=tmp_path / "cache")


# -- checkouts


def test_a_checkout_is_installed_without_its_litter(tmp_path: Path, cache: Path) -> None:
    installed = install(parse_choice(str(checkout(tmp_path / "p"))), cache=cache)
    assert names(installed.root) == [
        "PILOTVERSION",
        "pilot.py",
        "pilot/__init__.py",
        "pilot/info.py",
    ]
    assert (installed.version, installed.family) == ("3.9.9.9", "pilot3")


def test_litter_does_not_make_another_pilot(tmp_path: Path, cache: Path) -> None:
    folder = checkout(tmp_path / "p")
    first = install(parse_choice(str(folder)), cache=cache)
    (folder / "pilot" / "__pycache__" / "more.pyc").write_text("x")
    assert first == install(parse_choice(str(folder)), cache=cache)


@pytest.mark.parametrize("change", ["content", "name", "more", "less"])
def test_every_change_makes_another_pilot(change: str, tmp_path: Path, cache: Path) -> None:
    folder = checkout(tmp_path / "p")
    first = install(parse_choice(str(folder)), cache=cache)
    file = folder / "pilot" / "info.py"
    if change == "content":
        file.write_text("pass\n")
    elif change == "name":
        file.rename(file.with_name("other.py"))
    elif change == "more":
        file.with_name("empty.py").touch()
    else:
        file.unlink()
    second = install(parse_choice(str(folder)), cache=cache)
    assert first.tree != second.tree
    assert "def where" in (first.root / "pilot" / "info.py").read_text()


def test_the_same_content_elsewhere_is_the_same_pilot(tmp_path: Path, cache: Path) -> None:
    folders = (checkout(tmp_path / "one"), checkout(tmp_path / "two"))
    first, second = (install(parse_choice(str(each)), cache=cache) for each in folders)
    assert first == second


def test_bytes_do_not_slip_from_one_file_into_the_next(tmp_path: Path) -> None:
    for folder, split in (("one", ("ab", "c")), ("two", ("a", "bc"))):
        (tmp_path / folder).mkdir()
        for name, text in zip("xy", split, strict=True):
            (tmp_path / folder / name).write_text(text)
    assert caches.tree_of(tmp_path / "one") != caches.tree_of(tmp_path / "two")


def test_a_pilot_that_states_no_version_is_installed_all_the_same(
    tmp_path: Path, cache: Path
) -> None:
    folder = checkout(tmp_path / "p")
    (folder / "PILOTVERSION").unlink()
    assert install(parse_choice(str(folder)), cache=cache).version == "unknown"


def test_a_home_folder_with_a_pilot_in_it_is_no_pilot(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "FILES_MAX", 3)
    with pytest.raises(ScenarioError, match="no pilot is so big — give the pilot's own folder"):
        install(parse_choice(str(checkout(tmp_path / "p"))), cache=cache)


def test_a_dangling_link_is_left_out(tmp_path: Path, cache: Path) -> None:
    folder = checkout(tmp_path / "p")
    (folder / "link").symlink_to("nowhere")
    assert "link" not in names(install(parse_choice(str(folder)), cache=cache).root)


def test_modules_are_compiled_for_good_and_as_the_guest_sees_them(
    tmp_path: Path, cache: Path
) -> None:
    installed = install(parse_choice(str(checkout(tmp_path / "p"))), cache=cache)
    source = installed.root / "pilot" / "info.py"
    data = Path(importlib.util.cache_from_source(str(source))).read_bytes()
    code = marshal.loads(data[16:])
    assert isinstance(code, CodeType)
    # Flags 0b01: checked against a hash, not a time; without 0b10: and that not even once.
    assert (data[4], code.co_filename) == (1, "/srv/pilot/pilot/info.py")


def test_a_module_that_cannot_be_compiled_is_the_pilots_affair(tmp_path: Path, cache: Path) -> None:
    folder = checkout(tmp_path / "p")
    (folder / "old.py").write_text("print 'python 2'\n")
    assert "old.py" in names(install(parse_choice(str(folder)), cache=cache).root)


def test_nothing_is_left_of_the_work(tmp_path: Path, cache: Path) -> None:
    install(parse_choice(str(checkout(tmp_path / "p"))), cache=cache)
    assert sorted(path.name for path in cache.iterdir()) == ["pilots"]


def test_the_reference_pilot_is_installed_as_a_package(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "here" / "pilotcore"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    monkeypatch.setattr(caches, "core_folder", lambda: package)
    installed = install(parse_choice("core"), cache=cache)
    assert (names(installed.root), installed.family) == (["pilotcore/__init__.py"], "core")


# -- releases


def test_a_release_is_downloaded_through_pip_once(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(index)
    choice = parse_choice("pypi:3.9.9.9")
    first = install(choice, cache=cache)
    monkeypatch.setattr(pypi, "_pip_download", lambda *_: (1, "asked twice"))
    assert first == install(choice, cache=cache)
    assert (first.version, first.family) == ("3.9.9.9", "pilot3")
    assert {"pilot.py", "PILOTVERSION", "pilot/__init__.py"} <= set(names(first.root))


def test_a_release_whose_tree_was_deleted_is_downloaded_again(index: Path, cache: Path) -> None:
    release(index)
    choice = parse_choice("pypi:3.9.9.9")
    first = install(choice, cache=cache)
    first.root.rename(cache / "elsewhere")
    assert first == install(choice, cache=cache)
    assert first.root.is_dir()


@pytest.mark.parametrize("broken", ["project", "backend"])
def test_a_release_that_cannot_be_built_is_flown_from_its_source(
    broken: str, index: Path, cache: Path
) -> None:
    release(index, broken=broken, below="pilot3")
    installed = install(parse_choice("pypi:3.9.9.9"), cache=cache)
    assert names(installed.root) == ["PILOTVERSION", "pilot.py", "pilot/__init__.py"]
    assert installed.version == "3.9.9.9"


def test_a_range_means_the_releases_on_the_index_oldest_first(index: Path, cache: Path) -> None:
    for version in ("3.10.0.1", "2.12.8.1", "3.7.0.36", "3.7.0.4"):
        release(index, version=version)
    chosen = parse_choices("pypi:>=3.0", cache=cache)
    assert [each.source for each in chosen] == ["3.7.0.4", "3.7.0.36", "3.10.0.1"]
    assert [each.label for each in parse_choices("pypi:2.*", cache=cache)] == ["pypi-2.12.8.1"]


def test_what_is_no_range_means_one_pilot() -> None:
    assert (parse_choice("core"),) == parse_choices("core")
    assert (parse_choice("pypi:3.7.0.36"),) == parse_choices("pypi:3.7.0.36")


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("pypi:>=4", "the index has no panda-pilot >=4 — the newest is 3.7.0.36"),
        ("pypi:>=3,<x", "cannot read '<x' in the range '>=3,<x' — write pypi:>=3.0"),
    ],
)
def test_a_range_of_nothing_is_told_of(text: str, expect: str, index: Path, cache: Path) -> None:
    release(index, version="3.7.0.36")
    with pytest.raises(ScenarioError, match=re.escape(expect)):
        parse_choices(text, cache=cache)


def test_two_processes_may_install_at_once(index: Path, cache: Path) -> None:
    release(index)
    program = (
        "from pathlib import Path; from harness.pilots import install, parse_choice;"
        f"print(install(parse_choice('pypi:3.9.9.9'), cache=Path({str(cache)!r})).tree)"
    )
    command = [sys.executable, "-c", program]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)
    ]
    trees = [process.communicate(timeout=120)[0].strip() for process in both]
    assert trees[0] == trees[1] != ""
    assert sorted(path.name for path in cache.iterdir()) == ["pilots", "pypi", "pypi.lock"]


def test_a_tree_that_another_process_published_first_is_taken(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = parse_choice(str(checkout(tmp_path / "p")))
    compile_tree = caches._compile

    def slowly(root: Path) -> None:
        compile_tree(root)
        monkeypatch.setattr(caches, "_compile", compile_tree)
        install(choice, cache=cache)

    monkeypatch.setattr(caches, "_compile", slowly)
    installed = install(choice, cache=cache)
    assert (installed.root / "pilot.py").is_file()
    assert len(list((cache / "pilots").iterdir())) == 1


def test_an_unknown_version_is_told_the_nearest_and_the_newest(index: Path, cache: Path) -> None:
    for version in ("3.5.1.4", "3.7.0.36"):
        release(index, version=version)
    expect = "no panda-pilot 3.7.0.37 — did you mean 3.7.0.36.*the newest are 3.5.1.4, 3.7.0.36"
    with pytest.raises(ScenarioError, match=expect):
        install(parse_choice("pypi:3.7.0.37"), cache=cache)


def test_an_index_without_any_release_is_told_of(index: Path, cache: Path) -> None:
    with pytest.raises(ScenarioError, match="it has none"):
        install(parse_choice("pypi:3.7.0.37"), cache=cache)


def test_an_interpreter_without_pip_is_told_how_to_get_it(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "/usr/bin/python3: No module named pip"
    monkeypatch.setattr(pypi, "_pip_download", lambda *_: (1, said))
    with pytest.raises(HarnessError, match="install pip into this environment"):
        install(parse_choice("pypi:3.7.0.36"), cache=cache)


def test_pips_last_words_are_passed_on(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pypi, "_pip_download", lambda *_: (1, "a\nERROR: no route to host\n\n"))
    with pytest.raises(HarnessError, match=r"panda-pilot 3.7.0.36: ERROR: no route to host"):
        install(parse_choice("pypi:3.7.0.36"), cache=cache)


def test_without_tools_to_build_with_pip_is_asked_to_use_ours(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def pretend(version: str, folder: Path, extra: tuple[str, ...]) -> tuple[int, str]:
        asked.append(extra)
        if extra:
            release(folder, version=version)
        return (0, "") if extra else (1, "ERROR: no setuptools (from versions unknown)")

    monkeypatch.setattr(pypi, "_pip_download", pretend)
    assert install(parse_choice("pypi:3.9.9.9"), cache=cache).version == "3.9.9.9"
    assert asked == [(), ("--no-build-isolation",)]


@pytest.mark.parametrize("evil", ["../escaped", "/absolute/escaped"])
def test_an_archive_cannot_write_beside_its_folder(evil: str, tmp_path: Path) -> None:
    folder = tmp_path / "download"
    release(folder, evil=evil.replace("/absolute", str(tmp_path / "absolute")))
    if evil.startswith("/"):
        # The data filter makes an absolute name relative: it lands inside.
        pypi._unpack(folder)
    else:
        with pytest.raises(HarnessError, match="cannot be unpacked"):
            pypi._unpack(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["download"]


def test_an_archive_without_a_pilot_is_told_of(tmp_path: Path) -> None:
    archive = release(tmp_path / "download")
    import tarfile

    with tarfile.open(archive, "w:gz") as stream:
        stream.add(__file__, "panda-pilot-1/readme.py")
    with pytest.raises(HarnessError, match=r"holds no pilot\.py"):
        pypi._unpack(tmp_path / "download")


def test_exactly_one_archive_is_expected(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="pip left 0 source archives"):
        pypi._unpack(tmp_path)


@pytest.mark.network
def test_a_real_release_is_downloaded_from_the_index(cache: Path) -> None:
    installed = install(parse_choice("pypi:3.7.0.36"), cache=cache)
    assert (installed.version, installed.family) == ("3.7.0.36", "pilot3")
    assert (installed.root / "pilot" / "common" / "errorcodes.py").is_file()

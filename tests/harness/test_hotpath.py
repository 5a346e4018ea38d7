"""The compiled part of the runtime: made once, never stale, and never needed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from harness import doctor
from harness import hotpath
from harness import interpreters

HAS_COMPILER = any(shutil.which(each) for each in hotpath.COMPILERS)
needs_compiler = pytest.mark.skipif(not HAS_COMPILER, reason="no C compiler on this machine")


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return an environment with a cache of its own, and a source that a test may change."""
    source = tmp_path / "waits.c"
    shutil.copy(hotpath.SOURCE, source)
    monkeypatch.setattr(hotpath, "SOURCE", source)
    hotpath._made.cache_clear()
    return {"FLIGHTSIM_CACHE": str(tmp_path / "cache")}


@needs_compiler
def test_it_is_made_once(environ: dict[str, str]) -> None:
    folder = hotpath.part(sys.executable, environ).folder
    assert folder is not None
    made = (folder / f"{hotpath.MODULE}.so").stat().st_mtime_ns
    hotpath._made.cache_clear()
    assert folder == hotpath.part(sys.executable, environ).folder
    assert made == (folder / f"{hotpath.MODULE}.so").stat().st_mtime_ns


@needs_compiler
def test_a_changed_source_is_compiled_again(environ: dict[str, str]) -> None:
    before = hotpath.part(sys.executable, environ).folder
    hotpath.SOURCE.write_text(hotpath.SOURCE.read_text() + "\n/* changed */\n")
    hotpath._made.cache_clear()
    after = hotpath.part(sys.executable, environ).folder
    assert None not in (before, after)
    assert before != after


@needs_compiler
def test_a_source_that_does_not_compile_leaves_guests_to_python(environ: dict[str, str]) -> None:
    assert hotpath.part(sys.executable, environ).folder
    hotpath.SOURCE.write_text("#error nothing to be had\n")
    for _ in range(2):
        hotpath._made.cache_clear()
        found = hotpath.part(sys.executable, environ)
        assert found.folder is None
        assert "nothing to be had" in found.why


def test_without_a_compiler_there_is_none(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert hotpath.Part(None, "no C compiler") == hotpath.part(sys.executable, environ)


def test_without_headers_there_is_none(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hotpath, "_include", lambda interpreter: Path("/nowhere"))
    found = hotpath.part(sys.executable, {**environ, "CC": "cc"})
    assert found.why.startswith("no headers of Python 3.")


def test_a_variable_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hotpath.VARIABLE, "0")
    assert hotpath.manner(sys.executable, {}) == ("python", ())


@pytest.mark.parametrize("wanted", ["schedule", "terminal"])
def test_what_needs_python_gets_python(wanted: str) -> None:
    assert hotpath.manner(sys.executable, {wanted: {}}) == ("python", ())


def test_the_doctor_says_why_it_does_not_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hotpath, "flown", lambda: [interpreters.host()])
    monkeypatch.setenv(hotpath.VARIABLE, "0")
    (found,) = [each for each in doctor.examine() if "compiled runtime" in each.what]
    assert doctor.WEAK == found.state
    assert found.what.endswith("FLIGHTSIM_COMPILED=0")
    assert "the same without it" in found.remedy

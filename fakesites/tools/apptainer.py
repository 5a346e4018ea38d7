"""apptainer and singularity: run a command in a container.

Models ``exec`` and ``run`` with binds: inside, the node shows other files at other paths, and all
else (processes, network, clock) is the node's. Models images that are not there, a working
directory that is not, and what the options let through of the environment. Not modelled: building
and pulling images, instances, namespaces, programs that only an image has, overlays.

Read from: apptainer 1.3 user guide, bind_paths_and_mounts, environment_and_metadata; observed.
"""

from __future__ import annotations

import copy
import posixpath
from typing import TYPE_CHECKING
from typing import Any
from typing import Generator

import simpy

from fakesites.files import Mount
from fakesites.files import NodeFiles
from fakesites.files import OutsideError
from fakesites.running import Command
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import signal_of
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options

if TYPE_CHECKING:
    from fakesites.node import Node

Work = Generator[simpy.Event, Any, int]

VERSIONS = {
    "apptainer": "apptainer version 1.3.6-1.el9",
    "singularity": "apptainer version 1.3.6-1.el9",
}
GLOBAL = Grammar(
    flags="qsvd",
    long=(
        ("quiet", "q"),
        ("silent", "s"),
        ("verbose", "v"),
        ("debug", "d"),
        ("version", "version"),
    ),
    in_order=True,
)
EXEC = Grammar(
    flags="eciCpuW",
    values="BHSW",
    long=(
        ("bind=", "B"),
        ("cleanenv", "e"),
        ("compat", "C"),
        ("contain", "c"),
        ("containall", "C"),
        ("cwd=", "pwd"),
        ("env=", "env"),
        ("fakeroot", "fakeroot"),
        ("home=", "H"),
        ("ipc", "i"),
        ("mount=", "mount"),
        ("no-home", "no-home"),
        ("no-mount=", "no-mount"),
        ("nv", "nv"),
        ("pid", "p"),
        ("pwd=", "pwd"),
        ("rocm", "nv"),
        ("scratch=", "S"),
        ("userns", "u"),
        ("workdir=", "W"),
        ("writable-tmpfs", "writable"),
    ),
    in_order=True,
)
REMOTE = ("docker://", "docker-archive:", "library://", "oras://", "shub://", "http://", "https://")
FATAL = 255
# What a clean environment still has.
KEPT = ("HOME", "LANG", "PATH", "TERM")
PREFIXES = ("APPTAINERENV_", "SINGULARITYENV_")


class Refusal(Exception):
    """The container cannot be started; the text follows FATAL."""


@tool("apptainer", "singularity", optional=True)
def apptainer(call: ToolCall) -> Work | int:
    """Run a command in a container."""
    name = posixpath.basename(call.argv[0])
    options = GLOBAL.read(call.argv)
    if options.has("version") or options.words[:1] == ("version",):
        call.out(f"{VERSIONS.get(name, VERSIONS['apptainer'])}\n")
        return 0
    if options.words[:1] in (("exec",), ("run",)):
        return _exec(call, EXEC.read(options.words))
    if options.words[:1] in (("remote",), ("registry",), ("cache",), ("pull",)):
        return 0
    raise UsageError(f"unknown command {' '.join(options.words[:1])!r} for {name!r}")


def _exec(call: ToolCall, options: Options) -> Work:
    if len(options.words) < 2:
        raise UsageError("requires at least 2 arg(s), only received fewer", code=1)
    image, argv = options.words[0], options.words[1:]
    try:
        _look_for(call, image)
        inside = container_of(call, options)
        cwd = _working_folder(call, options, inside)
    except Refusal as refusal:
        call.err(f"FATAL:   {refusal}\n")
        return FATAL
    return (yield from _run(call, inside, argv, environment(call, options, image), cwd))


def _look_for(call: ToolCall, image: str) -> None:
    """Raise Refusal unless the node has the *image*; one of a registry is taken to be there."""
    if image.startswith(REMOTE):
        return
    try:
        found = call.real(image).exists()
    except OutsideError:
        found = False
    if not found:
        path = call.path(image)
        reason = f"lstat {path}: no such file or directory"
        raise Refusal(f"could not open image {path}: failed to retrieve path for {path}: {reason}")


def container_of(call: ToolCall, options: Options) -> Node:
    """Return the node as it looks inside the container. Raises Refusal."""
    inside = copy.copy(call.node)
    inside._known = {}
    inside.files = NodeFiles.view(call.node.files, _mounts(call, options))
    return inside


def _mounts(call: ToolCall, options: Options) -> list[Mount]:
    contained = options.has("c", "C")
    home = call.env.get("HOME", "")
    wanted = [] if contained else [(call.cwd, call.cwd), (home, home)]
    for value in (*_environment_binds(call), *options.values.get("B", ())):
        for bind in filter(None, value.split(",")):
            source, _, rest = bind.partition(":")
            wanted.append((source, rest.partition(":")[0] or source))
    for value in options.values.get("H", ()):
        source, _, target = value.partition(":")
        wanted.append((source, target or source))
    mounts: dict[str, Mount] = {}
    for source, target in wanted:
        mount = _mount(call, source, target)
        if mount is not None:
            mounts[mount.seen] = mount
    return list(mounts.values())


def _environment_binds(call: ToolCall) -> list[str]:
    names = ("APPTAINER_BIND", "SINGULARITY_BIND", "APPTAINER_BINDPATH", "SINGULARITY_BINDPATH")
    return [call.env[name] for name in names if name in call.env]


def _mount(call: ToolCall, source: str, target: str) -> Mount | None:
    """Return the mount of one bind; None for a folder of the system. Raises Refusal."""
    try:
        real = call.real(source)
    except OutsideError:
        return None
    if not source:
        return None
    if not real.exists():
        raise Refusal(
            f"container creation failed: mount {call.path(source)}->{target} error: while mounting "
            f"{call.path(source)}: mount source {call.path(source)} doesn't exist"
        )
    return Mount(posixpath.normpath(target), str(real))


def _working_folder(call: ToolCall, options: Options, inside: Node) -> str:
    folder = options.get("pwd") or call.cwd
    try:
        if inside.files.real(folder).is_dir():
            return folder
    except OutsideError:
        pass
    return "/" if not options.has("pwd") else _no_folder(folder)


def _no_folder(folder: str) -> str:
    raise Refusal(f"chdir to {folder}: no such file or directory")


def environment(call: ToolCall, options: Options, image: str) -> dict[str, str]:
    """Return the variables that the command gets."""
    clean = options.has("e", "C")
    values = {name: value for name, value in call.env.items() if not clean or name in KEPT}
    for prefix in PREFIXES:
        found = {name: value for name, value in call.env.items() if name.startswith(prefix)}
        values.update({name.removeprefix(prefix): value for name, value in found.items()})
    for pair in options.values.get("env", ()):
        name, _, value = pair.partition("=")
        values[name] = value
    name = posixpath.basename(image)
    return {
        **values,
        "APPTAINER_CONTAINER": image,
        "APPTAINER_NAME": name,
        "SINGULARITY_NAME": name,
    }


def _run(
    call: ToolCall, inside: Node, argv: tuple[str, ...], env: dict[str, str], cwd: str
) -> Work:
    def forward(stream: str, text: str) -> None:
        (call.out if stream == "stdout" else call.err)(text)

    command = Command(
        argv, env, cwd=cwd, stdin=call.stdin, ppid=call.pid, owner=call.owner, on_output=forward
    )
    call.node.enter(call.node.processes[call.pid])
    try:
        running = inside.spawn(command)
    except OSError as error:
        code: int = getattr(error, "code", FATAL)
        call.err(f'FATAL:   "{argv[0]}": executable file not found in $PATH: {error.strerror}\n')
        return FATAL if code == 127 else code
    try:
        if running.finished is None:
            yield running.done
    except simpy.Interrupt as interrupt:  # what is sent to the starter is meant for its command
        inside.processes.signal(running.pid, signal_of(interrupt), by=call.owner)
        raise
    inside.processes.collect(running.pid)
    end = running.finished
    assert end is not None, "done without an end"
    return 128 + end.signal if end.signal else end.code

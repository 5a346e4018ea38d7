"""Variables that the shell itself keeps: parameters, and what it tells of itself.

Read from: the bash manual, 3.4.2 and 5.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Callable

from fakesites.shell.variables import Items

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell

VERSION = ("5", "1", "8", "1", "release", "x86_64-redhat-linux-gnu")
LETTERS = "abefhkmnptuvx"
# Options that have a letter beside their long name.
LONG = {"errexit": "e", "nounset": "u", "xtrace": "x", "noglob": "f", "verbose": "v"}
RANDOM_MAX = 32767


def special(shell: Shell, name: str) -> str | None:
    """Return the value of a special parameter or variable, None if it is not set."""
    if name.isdigit():
        number = int(name)
        words = (shell.name, *shell.arguments)
        return words[number] if number < len(words) else None
    maker = SPECIAL.get(name)
    if maker is not None:
        return maker(shell)
    return special_items(shell, name).get("0")


def special_items(shell: Shell, name: str) -> Items:
    """Return the items of an array that the shell itself keeps."""
    maker = ARRAYS.get(name)
    values = () if maker is None else maker(shell)
    return {str(number): value for number, value in enumerate(values)}


def _sources(shell: Shell) -> tuple[str, ...]:
    """Return what is run, the innermost first: as files, for which a function counts too."""
    files = [*(() if shell.is_line else (shell.name,)), *shell.sources]
    return tuple(reversed(files + files[-1:] * len(shell.calls)))


def _functions(shell: Shell) -> tuple[str, ...]:
    return (*reversed(shell.calls), "main") if shell.calls else ()


def _random(shell: Shell) -> str:
    return str(shell.node.streams["shell/random"].randint(0, RANDOM_MAX))


def _seconds(shell: Shell) -> str:
    return str(int(shell.node.clock.now - shell.began))


def _uid(shell: Shell) -> str:
    return str(shell.node.spec.uid)


SPECIAL: dict[str, Callable[[Shell], str | None]] = {
    "?": lambda shell: str(shell.status),
    "$": lambda shell: str(shell.pid),
    "#": lambda shell: str(len(shell.arguments)),
    "!": lambda shell: str(shell.last_job) if shell.last_job else None,
    "@": lambda shell: " ".join(shell.arguments) if shell.arguments else None,
    "*": lambda shell: " ".join(shell.arguments) if shell.arguments else None,
    "-": lambda shell: "".join(sorted(shell.options & set(LETTERS))) + "hB",
    "BASH": lambda _: "/bin/bash",
    "BASHPID": lambda shell: str(shell.process.pid),
    "BASH_VERSION": lambda _: "5.1.8(1)-release",
    "EPOCHSECONDS": lambda shell: str(int(shell.node.wall())),
    "EUID": _uid,
    "HOSTNAME": lambda shell: shell.node.hostname,
    "HOSTTYPE": lambda _: "x86_64",
    "IFS": lambda _: " \t\n",
    "LINENO": lambda shell: str(shell.line),
    "MACHTYPE": lambda _: VERSION[-1],
    "OPTIND": lambda _: "1",
    "OSTYPE": lambda _: "linux-gnu",
    "PPID": lambda shell: str(shell.process.ppid),
    "PWD": lambda shell: shell.cwd,
    "RANDOM": _random,
    "SECONDS": _seconds,
    "SHLVL": lambda _: "1",
    "UID": _uid,
}
ARRAYS: dict[str, Callable[[Shell], tuple[str, ...]]] = {
    "BASH_SOURCE": _sources,
    "BASH_VERSINFO": lambda _: VERSION,
    "FUNCNAME": _functions,
    "PIPESTATUS": lambda shell: tuple(map(str, shell.statuses)),
}

"""Builtins about variables: declare, export, local, read, mapfile, set, shift, getopts, let."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakesites.shell.arithmetic import ArithmeticProblem
from fakesites.shell.builtins_table import Instant
from fakesites.shell.channels import Channels
from fakesites.shell.special import LETTERS
from fakesites.shell.special import LONG
from fakesites.shell.syntax import Refused
from fakesites.shell.variables import ReadonlyError
from fakesites.shell.words import DEFAULT_IFS
from fakesites.shell.words import split_at

if TYPE_CHECKING:
    from fakesites.shell.evaluator import Shell

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ATTRIBUTES = frozenset("aAirxgpfF")
OPTIONS = frozenset({*LETTERS, *LONG, "pipefail", "allexport", "noexec", "posix", "monitor"})


def _flags(argv: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the letters of the options of *argv*, and the words behind them."""
    words = list(argv[1:])
    letters = ""
    while words and re.fullmatch(r"[-+][A-Za-z]+|--", words[0]):
        word = words.pop(0)
        if word == "--":
            break
        letters += word[1:] if word[0] == "-" else f"+{word[1:]}"
    return letters, words


def _declare(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    """Run declare, export, local, readonly and typeset."""
    letters, words = _flags(argv)
    if argv[0] == "local" and not shell.calls:
        shell.complain(channels, "local: can only be used in a function")
        return 1
    if set(letters) - ATTRIBUTES - {"+", "n"}:
        raise Refused(f"{argv[0]} -{letters}")
    if "n" in letters and argv[0] != "export":
        raise Refused(f"{argv[0]} -n")
    if "f" in letters or "F" in letters:
        return int(not all(word in shell.functions for word in words))
    if not words or "p" in letters:
        return _show(shell, argv[0], letters, words, channels)
    return max([_declared(shell, argv[0], letters, word, channels) for word in words], default=0)


def _declared(shell: Shell, builtin: str, letters: str, word: str, channels: Channels) -> int:
    name, equals, value = word.partition("=")
    append = name.endswith("+")
    name = name.removesuffix("+")
    if not NAME.fullmatch(name):
        shell.complain(channels, f"{builtin}: `{word}': not a valid identifier")
        return 1
    variables = shell.variables
    if shell.calls and builtin in ("declare", "local", "typeset") and "g" not in letters:
        variables.make_local(name)
    if "A" in letters or ("a" in letters and "+a" not in letters):
        variables.array(name, named="A" in letters)
    if "i" in letters:
        variables.integers.add(name)
    _set_declared(shell, builtin, letters, name, (value if equals else None, append))
    if builtin == "readonly" or "r" in letters:
        variables.readonly.add(name)
    return 0


def _set_declared(
    shell: Shell, builtin: str, letters: str, name: str, given: tuple[str | None, bool]
) -> None:
    value, append = given
    variables = shell.variables
    if value is not None and append:
        value = (variables.get(name) or "") + value
    if value is not None and name in variables.integers:
        value = str(shell.compute(value))
    if builtin == "export" and "n" in letters:
        variables.unexport(name)
    elif builtin == "export" or ("x" in letters and "+x" not in letters):
        variables.export(name, value)
    elif value is not None:
        variables.set(name, value)


def _show(shell: Shell, builtin: str, letters: str, words: list[str], channels: Channels) -> int:
    variables = shell.variables
    exported = builtin == "export" or "x" in letters
    names = words or sorted(variables.env if exported else variables.names(""))
    status = 0
    for name in names:
        if not variables.is_set(name):
            shell.complain(channels, f"{builtin}: {name}: not found")
            status = 1
        elif name in variables.arrays:
            letter = "A" if name in variables.named else "a"
            items = " ".join(f'[{key}]="{text}"' for key, text in variables.items(name).items())
            channels.out(f"declare -{letter} {name}=({items})\n")
        else:
            letter = "x" if name in variables.env else "-"
            channels.out(f'declare -{letter} {name}="{variables.get(name)}"\n')
    return status


def _unset(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    letters, words = _flags(argv)
    status = 0
    for word in words:
        found = re.fullmatch(rf"({NAME.pattern})\[(.*)\]", word)
        try:
            if found is not None:
                shell.variables.array(found[1]).pop(found[2], None)
            elif "f" in letters or (word in shell.functions and not shell.variables.is_set(word)):
                shell.functions.pop(word, None)
            else:
                shell.variables.unset(word)
        except ReadonlyError:
            shell.complain(channels, f"unset: {word}: cannot unset: readonly variable")
            status = 1
    return status


def _set(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    words = list(argv[1:])
    if not words:
        for name in shell.variables.names(""):
            channels.out(f"{name}={shell.variables.get(name)}\n")
        return 0
    while words and words[0][:1] in "-+" and words[0] not in ("--", "-", "+"):
        word = words.pop(0)
        names = {letter for letter in word[1:] if letter != "o"}
        names |= {words.pop(0)} if "o" in word[1:] and words else set()
        unknown = sorted(names - OPTIONS - {"B", "E", "H", "T"})
        if unknown:
            shell.complain(channels, f"set: {unknown[0]}: invalid option name")
            return 2
        names = {LONG.get(name, name) for name in names}
        shell.options = shell.options | names if word[0] == "-" else shell.options - names
    if words:
        shell.arguments = tuple(words[1:] if words[0] == "--" else words)
    return 0


def _shift(shell: Shell, argv: tuple[str, ...], _channels: Channels) -> int:
    count = int(argv[1]) if len(argv) > 1 else 1
    if count > len(shell.arguments):
        return 1
    shell.arguments = shell.arguments[count:]
    return 0


def _let(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    value = 0
    for word in argv[1:]:
        try:
            value = shell.compute(word)
        except ArithmeticProblem as error:
            shell.complain(channels, f"let: {error}")
            return 1
    return int(not value)


# -- input


def _read(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    options, words = _read_options(argv)
    try:
        text = channels.text(int(options.get("u", "0")))
    except OSError as error:
        shell.complain(channels, f"read: {options['u']}: invalid file descriptor: {error.strerror}")
        return 1
    line, rest, ended = _line(text, options)
    channels.set_text(int(options.get("u", "0")), rest)
    if "p" in options:
        pass  # a prompt is shown to a terminal only
    if "r" not in options:
        line = re.sub(r"\\(.)", r"\1", line)
    _give(shell, line, options, words)
    return 0 if ended else 1


def _read_options(argv: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    options: dict[str, str] = {}
    words = list(argv[1:])
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)[1:]
        while word:
            letter, word = word[0], word[1:]
            if letter in "adinNptu":
                options[letter] = word or (words.pop(0) if words else "")
                word = ""
            elif letter in "rse":
                options[letter] = ""
            else:
                raise Refused(f"read -{letter}")
    return options, words


def _line(text: str, options: dict[str, str]) -> tuple[str, str, bool]:
    """Return the line that is read, what is left, and whether it had an end."""
    size = options.get("n") or options.get("N")
    if size is not None:
        return text[: int(size)], text[int(size) :], len(text) >= int(size)
    end = (options.get("d", "\n") or "\0")[0] if "d" in options else "\n"
    line, found, rest = text.partition(end)
    while "r" not in options and line.endswith("\\") and found and end == "\n":
        more, found, rest = rest.partition(end)
        line = line[:-1] + more
    return line, rest, bool(found)


def _give(shell: Shell, line: str, options: dict[str, str], words: list[str]) -> None:
    """Share *line* out among the variables *words*, the last of which gets the rest."""
    ifs = shell.lookup("IFS")
    ifs = DEFAULT_IFS if ifs is None else ifs
    if "a" in options:
        items = shell.variables.array(options["a"])
        items.clear()
        pieces = split_at(line.strip(_blanks(ifs)), ifs) if line.strip(_blanks(ifs)) else []
        items.update((str(number), piece) for number, piece in enumerate(pieces))
        return
    if not words:
        shell.assign("REPLY", line)
        return
    rest = line.strip(_blanks(ifs))
    for name in words[:-1]:
        first, rest = _first(rest, ifs)
        shell.assign(name, first)
    if _blanks(ifs) != ifs and rest and rest[-1] in ifs and split_at(rest, ifs)[1:] == [""]:
        rest = rest[:-1]
    shell.assign(words[-1], rest)


def _blanks(ifs: str) -> str:
    return "".join(letter for letter in ifs if letter in DEFAULT_IFS)


def _first(text: str, ifs: str) -> tuple[str, str]:
    """Return the first field of *text*, and what follows its separator."""
    for position, letter in enumerate(text):
        if letter in ifs:
            piece = text[:position]
            rest = text[position:]
            stripped = rest.lstrip(_blanks(ifs))
            if stripped[:1] and stripped[0] in ifs and stripped[0] not in _blanks(ifs):
                stripped = stripped[1:].lstrip(_blanks(ifs))
            return piece, stripped
    return text, ""


def _mapfile(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    letters, words = _flags(argv)
    if set(letters) - {"t"}:
        raise Refused(f"mapfile -{letters}")
    lines = channels.stdin.splitlines(keepends="t" not in letters)
    items = shell.variables.array(words[0] if words else "MAPFILE")
    items.clear()
    items.update((str(number), line) for number, line in enumerate(lines))
    channels.stdin = ""
    return 0


def _getopts(shell: Shell, argv: tuple[str, ...], channels: Channels) -> int:
    if len(argv) < 3:
        shell.complain(channels, "getopts: usage: getopts optstring name [arg ...]")
        return 2
    letters, name = argv[1], argv[2]
    words = argv[3:] or shell.arguments
    index = int(shell.lookup("OPTIND") or 1)
    place = shell.letter
    word = words[index - 1] if index <= len(words) else ""
    if not re.match(r"-.", word) or word == "--":
        shell.assign("OPTIND", str(index + (word == "--")))
        shell.assign(name, "?")
        return 1
    letter = word[place]
    last = place + 1 >= len(word)
    if letter not in letters.replace(":", ""):
        shell.assign("OPTARG", letter if letters.startswith(":") else "")
        if not letters.startswith(":"):
            channels.err(f"{shell.name}: illegal option -- {letter}\n")
        letter = "?"
    elif f"{letter}:" in letters:
        value, index = _option_value(words, index, word[place + 1 :])
        last = True
        if value is None:
            channels.err(f"{shell.name}: option requires an argument -- {letter}\n")
            letter = "?"
        shell.assign("OPTARG", value or "")
    shell.assign(name, letter)
    shell.assign("OPTIND", str(index + 1 if last else index))
    shell.letter = 1 if last else place + 1
    return 0


def _option_value(words: tuple[str, ...], index: int, rest: str) -> tuple[str | None, int]:
    if rest:
        return rest, index
    return (words[index], index + 1) if index < len(words) else (None, index)


VARIABLES: dict[str, Instant] = {
    "declare": _declare,
    "export": _declare,
    "getopts": _getopts,
    "let": _let,
    "local": _declare,
    "mapfile": _mapfile,
    "read": _read,
    "readarray": _mapfile,
    "readonly": _declare,
    "set": _set,
    "shift": _shift,
    "typeset": _declare,
    "unset": _unset,
}

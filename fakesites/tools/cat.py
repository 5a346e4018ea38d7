"""cat and tee."""

from __future__ import annotations

from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._texts import encoded
from fakesites.tools._texts import lines
from fakesites.tools._texts import read_all

CAT = Grammar(flags="nvAetTsu", long=(("number", "n"),))
TEE = Grammar(flags="ai", long=(("append", "a"),))


@tool("cat")
def cat(call: ToolCall) -> int:
    """Write the files, one after the other."""
    options = CAT.read(call.argv)
    texts = read_all(call, options.words)
    whole = "".join(text for _, text in texts)
    if options.has("n"):
        numbered = (f"{n:6}\t{line}" for n, line in enumerate(lines(whole), start=1))
        whole = "\n".join(numbered) + ("\n" if whole.endswith("\n") else "")
    call.out(whole)
    return 0 if len(texts) >= len(options.words) else 1


@tool("tee")
def tee(call: ToolCall) -> int:
    """Write standard input to standard output and to the files."""
    options = TEE.read(call.argv)
    call.out(call.stdin)
    for name in options.words:
        call.node.files.write(call.path(name), encoded(call.stdin), append=options.has("a"))
    return 0

"""What a shell does about signals: the texts of its traps, and which signals came.

Read from: the bash manual, 3.7.6 and 4.1 (trap). Not modelled: DEBUG, RETURN.
"""

from __future__ import annotations

import signal as signals
from dataclasses import dataclass
from dataclasses import field

CONDITIONS = ("EXIT", "ERR")


@dataclass(slots=True)
class Traps:
    """*texts* are run by name of signal or condition, an empty one ignores; *pending* came."""

    texts: dict[str, str] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)

    def inherited(self) -> Traps:
        """Return the traps of a subshell: its end is its own."""
        return Traps({name: text for name, text in self.texts.items() if name not in CONDITIONS})

    def takes(self, number: int) -> bool:
        """Note the signal *number*; tell whether it is trapped or ignored."""
        name = name_of(number)
        text = self.texts.get(name)
        if text:
            self.pending.append(name)
        return text is not None


def name_of(number: int) -> str:
    """Return the name of a signal without its SIG."""
    try:
        return signals.Signals(number).name.removeprefix("SIG")
    except ValueError:
        return str(number)


def condition_of(text: str) -> str | None:
    """Return the name of the signal or condition that *text* means: 15, TERM, SIGTERM, EXIT."""
    name = text.upper().removeprefix("SIG")
    if name in CONDITIONS:
        return name
    if text.isdigit():
        return "EXIT" if text == "0" else name_of(int(text))
    return name if f"SIG{name}" in signals.Signals.__members__ else None

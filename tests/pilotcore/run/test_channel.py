"""What a payload of the event service says, and how the pilot hears and answers it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pilotcore.run.channel import Channel
from pilotcore.run.channel import Message
from pilotcore.run.channel import parse_message


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ready for events", Message(ready=True)),
        ("/w/o.root,ID:7-1-2-3-10,CPU:4,WALL:5", Message(name="7-1-2-3-10", output="/w/o.root")),
        (
            "ERR_ATHENAMP_PROCESS 7-1-2-3-10: Failed to process event range",
            Message(name="7-1-2-3-10", text="ERR_ATHENAMP_PROCESS Failed to process event range"),
        ),
        ("ERR_ATHENAMP_PARSE", None),
        ("/w/o.root", None),
        (",ID:7", None),
    ],
)
def test_the_words_of_athenamp_are_understood(line: str, expected: Message | None) -> None:
    assert expected == parse_message(line)


def test_a_line_is_heard_once_and_when_it_has_its_end(tmp_path: Path) -> None:
    channel = Channel(tmp_path)
    channel.open()
    said = channel.folder / "to_pilot"
    said.write_bytes(b"Ready for events\n/w/o.ro")
    assert ["Ready for events"] == list(channel.receive())
    with said.open("ab") as stream:
        stream.write(b"ot,ID:1\n")
    assert ["/w/o.root,ID:1"] == list(channel.receive())
    assert [] == list(channel.receive())


def test_answers_are_lines_of_their_own(tmp_path: Path) -> None:
    channel = Channel(tmp_path)
    channel.open()
    channel.give({"eventRangeID": "1"})
    channel.give_none()
    first, second = (channel.folder / "to_payload").read_text().splitlines()
    assert ([{"eventRangeID": "1"}], "No more events") == (json.loads(first), second)

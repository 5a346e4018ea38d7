"""Mail about alarms."""

from __future__ import annotations

import mailbox
from email.message import Message
from pathlib import Path

import pytest

from fakeserver.live.clock import LiveClock
from fakeserver.live.mail import Mail
from fakeserver.live.server import StoppedError
from simkernel import HarnessError
from simkernel import ScenarioError
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Hand
from tests.fakeserver.live.running import new_live
from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import spec

HOUR_S = 3600.0


def subjects(folder: Path) -> list[str]:
    """Return the subjects of the mails in *folder*, as they came."""
    mails = sorted(mailbox.Maildir(folder), key=number)
    return [each["Subject"] for each in mails]


def number(mail: Message) -> int:
    """Return the number of the event that *mail* is about."""
    return int(mail["Message-ID"].strip("<").partition("@")[0])


def test_each_alarm_is_a_mail_when_it_is_raised_and_when_it_is_over(tmp_path: Path) -> None:
    live = new_live(clock=LiveClock(Hand(EPOCH).read), mail=Mail(tmp_path / "mail"))
    with live.effect() as model:
        model.define_job(spec(1))
    assert [] == subjects(tmp_path / "mail")
    live.advance(2 * HOUR_S)
    live.advance(60.0)
    raised = f"[PanDA] raised: no pilot has asked at {QUEUE} for more than 60 min"
    assert [raised] == subjects(tmp_path / "mail")
    with live.effect() as model:
        model.kill(1)
    live.advance(60.0)
    assert [raised, raised.replace("raised", "cleared", 1)] == subjects(tmp_path / "mail")


def test_a_mail_says_what_when_and_about_what(tmp_path: Path) -> None:
    live = new_live(clock=LiveClock(Hand(EPOCH).read), mail=Mail(tmp_path / "mail"))
    with live.effect() as model:
        # Who raises an alarm by hand writes no headers with it.
        model.alarms.register("tape", "stuck\nBcc: all@cern.ch", by="ada", now=EPOCH)
    (mail,) = mailbox.Maildir(tmp_path / "mail")
    assert ("[PanDA] raised: stuck Bcc: all@cern.ch", None) == (mail["Subject"], mail["Bcc"])
    assert "Sun, 01 Mar 2026 08:00:00 -0000" == mail["Date"]
    assert "about: tape\nstate: raised" in mail.get_payload()


def test_there_is_no_mail_of_what_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = new_live(mail=Mail(tmp_path / "mail"))

    def commit(*_: object) -> None:
        raise HarnessError("disk full")

    monkeypatch.setattr(live.store, "commit", commit)
    with pytest.raises(StoppedError), live.effect() as model:
        model.alarms.register("tape", "stuck", by="ada", now=EPOCH)
    assert [] == subjects(tmp_path / "mail")


def test_a_folder_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, match="cannot be written"):
        Mail(tmp_path / "file" / "mail")

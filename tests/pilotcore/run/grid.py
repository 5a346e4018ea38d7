"""The small grid with event ranges: a server that gives them, a payload that takes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from typing import Mapping

from pilotcore.platform import Exit
from pilotcore.platform import Response
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.scripted import ScriptedChild


def event_record(**changes: object) -> dict[str, object]:
    """Return the record of a job of the event service."""
    only_log = {"outFiles": "job.log.tgz", "scopeOut": "", "ddmEndPointOut": "DISK"}
    return record(eventService="True", **{**only_log, **changes})


class EventGrid(Grid):
    """*left* are the ranges that the server still has, *told* what it heard of any."""

    def __init__(self, home: Path, *, ranges: int = 3) -> None:
        super().__init__(home)
        self.jobs = [event_record()]
        self.left = [f"11-6001-1-{number}-10" for number in range(1, ranges + 1)]
        self.range_s = 120.0
        self.failing: set[str] = set()
        self.told: list[tuple[str, str, str]] = []
        self.refusals: list[object] = []
        self.command: str | None = None
        self.took: list[tuple[float, str]] = []
        self.payload_exit = 0

    def queue(self) -> object:
        queue = super().queue()
        assert isinstance(queue, dict)
        storages = {**queue["astorages"], "es_events": ["EVENTS"]}
        return {**queue, "astorages": storages, "zip_time_gap": 1}

    def endpoints(self) -> object:
        endpoints = super().endpoints()
        assert isinstance(endpoints, dict)
        return {**endpoints, "EVENTS": {**endpoints["DISK"], "id": 77}}

    @property
    def finished(self) -> list[str]:
        return [name for name, status, _ in self.told if status == "finished"]

    def getEventRanges(self, fields: Mapping[str, Any]) -> Response:
        if self.ranges:
            return super().getEventRanges(fields)
        given, self.left = self.left[: fields["nRanges"]], self.left[fields["nRanges"] :]
        records = [{"eventRangeID": name, "LFN": "in.root"} for name in given]
        return self.answer(0, eventRanges=records)

    def updateEventRanges(self, fields: Mapping[str, Any]) -> Response:
        if self.refusals:
            refusal = self.refusals.pop(0)
            if isinstance(refusal, Exception):
                raise refusal
        for entry in json.loads(fields["eventRanges"]):
            lfn = entry.get("zipFile", {}).get("lfn", "")
            for each in entry.get("eventRanges", [entry]):
                self.told.append((each["eventRangeID"], each["eventStatus"], lfn))
        return self.answer(0, Returns=[True], Command={"6001": self.command})

    def run_payload(self, child: ScriptedChild) -> Exit:
        assert child.command.env is not None
        assert child.command.cwd is not None
        folder, home = Path(child.command.env["PILOT_EVENTRANGECHANNEL"]), child.command.cwd
        heard = 0
        while child.exit() is None:
            self.say(folder, "Ready for events")
            while len(lines := (folder / "to_payload").read_text().splitlines()) == heard:
                child.sleep(1.0)
                if child.exit() is not None:
                    return Exit(0, 15)
            heard += 1
            if lines[-1] == "No more events":
                return Exit(self.payload_exit)
            name = json.loads(lines[-1])[0]["eventRangeID"]
            self.took.append((self.platform.clock.now, name))
            child.sleep(self.range_s)
            if child.exit() is None:
                self.say(folder, self.outcome(home, name))
        return Exit(0, 15)

    def outcome(self, home: Path, name: str) -> str:
        if name in self.failing:
            return f"ERR_ATHENAMP_PROCESS {name}: no"
        (home / f"out.{name}").write_bytes(b"events " * 100)
        return f"{home}/out.{name},ID:{name},CPU:1,WALL:1"

    def say(self, folder: Path, line: str) -> None:
        with (folder / "to_pilot").open("a") as stream:
            stream.write(f"{line}\n")

"""Every checker fires on a pilot with the bug that it is for, and is silent on the healthy one.

The pilots are mutants of the core, one planted bug each; the healthy one is the core itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.checkers import checker_names
from tests.flights.conftest import Fly
from tests.flights.mutants import Patches
from tests.flights.mutants import plant


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted bug, the checker that must fire, and a word that its text must hold."""

    checker: str
    scenario: str
    word: str
    patches: Patches


MUTANTS = {
    "the heartbeat thread dies after stage-in": Mutant(
        "heartbeat-gap",
        "first-job",
        "payload",
        {
            "heartbeat.py": (
                "            self._wake.clear()\n            try:\n",
                "            return\n            try:\n",
            )
        },
    ),
    "an update follows the final one": Mutant(
        "one-final-state",
        "first-job",
        "final",
        {
            "final.py": (
                "                letters.discard(letter)\n",
                "                letters.discard(letter)\n"
                '                self._server.update({**fields, "state": "running"})\n',
            )
        },
    ),
    "a wrong checksum is registered": Mutant(
        "files-registered",
        "first-job",
        "adler32",
        {
            "updates.py": (
                "{each.lfn: each.fields() for each in files}",
                '{each.lfn: {**each.fields(), "adler32": "00000001"} for each in files}',
            )
        },
    ),
    "the payload runs twice": Mutant(
        "double-run",
        "first-job",
        "payload",
        {
            "work.py": (
                "            ended = payload.run(line, orders=self._orders, started=started)\n",
                "            payload.run(line, orders=self._orders, started=started)\n"
                "            ended = payload.run(line, orders=self._orders, started=print)\n",
            )
        },
    ),
    "every orphan is killed": Mutant(
        "processes",
        "first-job",
        "decoy",
        {
            "pilot.py": (
                '        self._log.info(f"exit code {code}")\n',
                '        __import__("os").kill(2702, 15)\n',
            )
        },
    ),
    "the proxy is printed": Mutant(
        "secrets",
        "first-job",
        "key",
        {
            "pilot.py": (
                "        least_s = self._options.proxy_min_s\n",
                "        least_s = self._options.proxy_min_s\n"
                '        self._log.info(open(self._env["X509_USER_PROXY"]).read())\n',
            )
        },
    ),
    "transfers have no time limit": Mutant(
        "bounded-time",
        "hanging-transfer",
        "",
        {"commands.py": ("        wake.wait(timeout_s)\n", "        wake.wait()\n")},
    ),
    "a running job is said to be in a state that pilots do not give": Mutant(
        "state-table",
        "first-job",
        "",
        {
            "updates.py": (
                '"state": state,',
                '"state": "activated" if state == "running" else state,',
            )
        },
    ),
    "a method is misspelt": Mutant(
        "protocol",
        "first-job",
        "getJobb",
        {
            "pilot.py": (
                "        least_s = self._options.proxy_min_s\n",
                "        least_s = self._options.proxy_min_s\n"
                "        url = 'http://pandaserver.sim:25080/server/panda/getJobb'\n"
                "        try: __import__('urllib.request').request.urlopen(url, b'x=1')\n"
                "        except OSError: pass\n",
            )
        },
    ),
    "a failure has no name": Mutant(
        "error-named",
        "sigterm::payload",
        "",
        {"updates.py": ("failure.code if failure else 0", "0")},
    ),
    "the pilot crashes after stage-in": Mutant(
        "exit-code",
        "first-job",
        "",
        {
            "flight.py": (
                "        self._work.stage_in()\n",
                '        self._work.stage_in()\n        __import__("os")._exit(1)\n',
            )
        },
    ),
    "the final update is given up": Mutant(
        "final-acknowledged",
        "final-refused",
        "never taken",
        {"final.py": ("            if self._left_s() <= 0:\n", "            if True:\n")},
    ),
    "an event range is reported and not stored": Mutant(
        "event-ranges",
        "event-service::healthy",
        "was not stored",
        {
            "run/storing.py": (
                "        return self._store(path, orders, within_s)\n",
                '        return StoredFile(path.name, "", 1, "00000001", "", "BNL_DATADISK")\n',
            )
        },
    ),
    "no log is made": Mutant(
        "log-exists",
        "first-job",
        "log",
        {"flight.py": ("        if self._job.log is None or ", "        if True or ")},
    ),
}


def test_every_checker_has_a_mutant() -> None:
    assert set(checker_names()) == {mutant.checker for mutant in MUTANTS.values()}


@pytest.mark.parametrize("bug", MUTANTS)
def test_the_checker_fires_on_the_mutant(bug: str, flights: Fly, tmp_path: Path) -> None:
    mutant = MUTANTS[bug]
    verdict, _ = flights(mutant.scenario, plant(tmp_path / "mutant", mutant.patches))
    fired = [each.text for each in verdict.findings if each.checker == mutant.checker]
    assert "fail" == verdict.state
    assert fired
    assert mutant.word in fired[0]


@pytest.mark.parametrize("scenario", sorted({mutant.scenario for mutant in MUTANTS.values()}))
def test_no_checker_fires_on_the_healthy_one(scenario: str, flights: Fly) -> None:
    verdict, _ = flights(scenario)
    assert ("pass", ()) == (verdict.state, verdict.findings)

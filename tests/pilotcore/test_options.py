"""The command line, and what becomes of it."""

from __future__ import annotations

import pytest

from pilotcore.options import parse
from pilotcore.wishes import label_of
from pilotcore.wishes import server_url

PILOT3 = (
    "--pilot-user generic -a /w -q Q -j ptest -i PR -w generic -v 3 -x 4 -l 3600 -L 60 -r R -s S "
    "--url https://p.sim -p 25443 --queuedata-url http://p/{pandaqueue} --storagedata-url http://s "
    "-g http://p/trf -t -u -b -d -k -y -z --cleanup False --use-rucio-traces False --pod "
    "--use-https True --rucio-host h --resource-type MCORE --harvester-submit-mode PUSH "
    "--hpc-resource x --stageout-attempts 2 --input-dir i --output-dir o --no-pilot-log"
)


def test_all_that_a_driver_of_pilot3_passes_is_taken() -> None:
    options = parse(PILOT3.split())
    found = (options.queue, options.getjob_requests, options.getjob_failures, options.lifetime_s)
    assert ("Q", 3, 4, 3600.0) == found
    assert (False, False, False, False) == (
        options.verify_proxy,
        options.worker_status,
        options.update_server,
        options.cleanup,
    )


@pytest.mark.parametrize("argv", [[], ["-q", "Q", "--cleanup", "perhaps"], ["-q", "Q", "--what"]])
def test_a_wrong_command_line_ends_with_code_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(argv)
    assert 2 == caught.value.code


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://p.sim", "https://p.sim:25443"),
        ("http://p.sim:80/", "http://p.sim:80"),
        ("p.sim", "https://p.sim:25443"),
        ("", "https://pandaserver.cern.ch:25443"),
    ],
)
def test_the_server_has_scheme_host_and_port(url: str, expected: str) -> None:
    assert expected == server_url(parse(["-q", "Q", "--url", url]))


@pytest.mark.parametrize(
    ("tag", "label", "status", "expected"),
    [
        ("PR", "managed", "online", "managed"),
        ("PR", "managed", "test", "test"),
        ("PR", "ptest", "test", "ptest"),
        ("RC", "ptest", "test", "ptest"),
        ("RC", "rc_test2", "online", "rc_test2"),
        ("RCM", "ptest", "online", "rcm_test2"),
        ("ALRB", "user", "online", "rc_alrb"),
    ],
)
def test_the_label_asked_for_is_pilot3s(tag: str, label: str, status: str, expected: str) -> None:
    assert expected == label_of(parse(["-q", "Q", "-i", tag, "-j", label]), status=status)

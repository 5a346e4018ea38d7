"""The copy tools' command lines, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotcore.commands import Outcome
from pilotcore.data.complaints import code_of
from pilotcore.data.copytools import COPYTOOLS
from pilotcore.data.copytools.mv import path_of
from pilotcore.data.plan import Transfer

TURL = "root://se:1//p/f"
OUT = Transfer("f", TURL, Path("/w/f"), True, 10, "ad:0a", "G", "mc", "DISK")
IN = Transfer("f", TURL, Path("/w/f"), False, 10, "ad:0a", "G", "mc", "DISK")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("xrdcp", "xrdcp -np -f --cksum adler32:print root://se:1//p/f /w/f"),
        ("dccp", "dccp -A root://se:1//p/f /w/f"),
        ("lsm", "lsm-get root://se:1//p/f /w/f"),
        ("gfal", "gfal-copy --verbose -f -t 460 -K adler32:0a root://se:1//p/f file:///w/f"),
        ("globus", "globus-url-copy -cd -stall-timeout 600 root://se:1//p/f file:///w/f"),
        ("srmcp", "srmcp -2 -retry_num=0 -streams_num=1 root://se:1//p/f file:////w/f"),
        ("davix", "davix-get -P grid root://se:1//p/f /w/f"),
        (
            "rucio",
            "rucio -v download --no-subdir --dir /w --rses DISK --pfn root://se:1//p/f mc:f",
        ),
        (
            "objectstore",
            "rucio -v download --no-subdir --dir /w --rses DISK --pfn root://se:1//p/f mc:f",
        ),
    ],
)
def test_a_copy_in_is_written_like_this(name: str, command: str) -> None:
    assert command == " ".join(COPYTOOLS[name].get(IN))


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("xrdcp", "xrdcp -np -f --cksum adler32:print /w/f root://se:1//p/f"),
        ("dccp", "dccp -A /w/f root://se:1//p/f"),
        ("lsm", "lsm-put --size 10 --checksum adler32:0a --guid G /w/f root://se:1//p/f"),
        ("gfal", "gfal-copy --verbose -f -t 460 -K adler32:0a file:///w/f root://se:1//p/f"),
        ("globus", "globus-url-copy -cd -stall-timeout 600 file:///w/f root://se:1//p/f"),
        ("srmcp", "srmcp -2 -retry_num=0 -streams_num=1 file:////w/f root://se:1//p/f"),
        ("davix", "davix-put -P grid /w/f root://se:1//p/f"),
        (
            "rucio",
            "rucio -v upload --rse DISK --scope mc --name f --guid G --no-register"
            " --pfn root://se:1//p/f /w/f",
        ),
    ],
)
def test_a_copy_out_is_written_like_this(name: str, command: str) -> None:
    assert command == " ".join(COPYTOOLS[name].put(OUT))


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        # Words of Debian's xrdcp 5.5.3, globus-url-copy 10.12, gfal2 2.21.3, davix 0.8.4.
        ("[3011] Unable to open /d/f; no such file or directory\0 (source)", (1331, 1103)),
        ("Run: [ERROR] CheckSum error", (1171, 1172)),
        ("Run: [FATAL] Auth failed: No protocols left to try (source)", (1338, 1383)),
        ("error: globus_ftp_control: gss_init_sec_context failed", (1163, 1163)),
        ("globus_xio: System error in connect: Connection refused", (1180, 1181)),
        ("530 530-Login incorrect. : globus_gss_assist", (1338, 1383)),
        ("Error: HTTP 403 : Permission refused ", (1338, 1383)),
        ("SSL error: sslv3 alert certificate expired after 3 attempts", (1163, 1163)),
        ("SRM_INVALID_PATH explanation=No such file or directory /f", (1331, 1103)),
    ],
)
def test_what_real_clients_say_is_understood(said: str, codes: tuple[int, int]) -> None:
    outcome = Outcome(1, "", said)
    found = tuple(code_of(outcome, writing=writing) for writing in (False, True))
    assert codes == found


def test_md5_is_nothing_that_gfal_is_told_to_compare() -> None:
    transfer = Transfer("f", TURL, Path("/w/f"), False, 10, "md:0a")
    assert "-K" not in COPYTOOLS["gfal"].get(transfer)


@pytest.mark.parametrize(
    ("printed", "good"),
    [
        ("adler32: 0000000a /w/f 10\n", True),
        ("adler32: 0000000b /w/f 10\n", False),
        ("adler32: 0000000a /w/f 11\n", False),
        ("", False),
    ],
)
def test_a_copy_out_by_xrdcp_is_proved_by_what_it_prints(printed: str, good: bool) -> None:
    complaint = COPYTOOLS["xrdcp"].judge(OUT, Outcome(0, "", printed))
    assert good == (not complaint)


@pytest.mark.parametrize(
    ("turl", "path"),
    [
        ("/a/b", "/a/b"),
        ("file:///a/b", "/a/b"),
        ("file://localhost/a/b", "/a/b"),
        ("file://localhost//a/b", "/a/b"),
    ],
)
def test_a_file_url_is_a_path(turl: str, path: str) -> None:
    assert path == path_of(turl)


@pytest.mark.parametrize(
    ("outcome", "reading", "writing"),
    [
        (Outcome(0), 0, 0),
        (Outcome(1), 1099, 1137),
        (Outcome(-1, timed_out=True), 1151, 1152),
        (Outcome(1, stderr="Operation timed out"), 1151, 1152),
        (Outcome(1, stderr="No such file or directory"), 1331, 1103),
        (Outcome(1, stdout="No space left on device"), 1098, 1333),
        (Outcome(1, stderr="globus_xio: error"), 1180, 1181),
        (Outcome(1, stderr="timeout; No such file or directory"), 1151, 1152),
        (Outcome(1, stderr="Permission denied"), 1338, 1383),
        (Outcome(1, stderr="SRM_FILE_BUSY"), 1221, 1221),
        (Outcome(127, stderr="lsm-get: No such file or directory"), 1323, 1323),
        (Outcome(0, stderr="Failed open file in the dCache."), 1099, 1137),
        (Outcome(0, stderr="System error: No route to host"), 1327, 1327),
    ],
)
def test_what_a_tool_says_is_an_error_code(outcome: Outcome, reading: int, writing: int) -> None:
    found = code_of(outcome, writing=False), code_of(outcome, writing=True)
    assert (reading, writing) == found


@pytest.mark.parametrize(
    ("size", "limit"), [(-1, 400.0), (0, 400.0), (2_000_000_000, 2400.0), (10**12, 10800.0)]
)
def test_the_limit_of_a_transfer_grows_with_its_size_up_to_three_hours(
    size: int, limit: float
) -> None:
    assert limit == Transfer("f", TURL, Path("f"), False, size).limit_s

"""Settings and exemptions that somebody wrote by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from siteverify.checks import CHECKS
from siteverify.exemptions import read_exemptions
from siteverify.settings import DEFAULTS
from siteverify.settings import SettingsError
from siteverify.settings import read_settings

ENTRY = {
    "check": "disk.space.work",
    "reason": "cleaning",
    "owner": "site admins",
    "expires": "2026-12-31",
}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"quee": "X"}, "unknown setting 'quee' - did you mean 'queue'?"),
        ({"queue": 5}, "setting 'queue' must be a string"),
        ({"repositories": "atlas.cern.ch"}, "setting 'repositories' must be a list of strings"),
        ({"tools": ["tar", 5]}, "setting 'tools' must be a list of strings"),
        ({"cores": True}, "setting 'cores' must be a number, zero or more"),
        ({"cores": 1.5}, "setting 'cores' must be a whole number"),
        ({"proxy_fail_h": -1}, "setting 'proxy_fail_h' must be a number, zero or more"),
        ({"server_urls": ["file:///etc/passwd"]}, "not an http or https URL"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_reason(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        DEFAULTS.with_values(values)
    assert message in str(caught.value)


def test_a_value_takes_the_type_of_the_setting() -> None:
    settings = DEFAULTS.with_values({"proxy_fail_h": 6, "cores": 8.0, "tools": ["tar"]})
    assert (6.0, 8, ("tar",)) == (settings.proxy_fail_h, settings.cores, settings.tools)
    assert (float, int) == (type(settings.proxy_fail_h), type(settings.cores))


@pytest.mark.parametrize("text", ["{", "[]", "5"])
def test_a_file_of_settings_must_be_an_object(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^site\.json"):
        read_settings(text, source="site.json")


def test_an_exemption_ends_with_the_day_before_its_date() -> None:
    (exemption,) = read_exemptions(json.dumps([ENTRY]), source="x.json", checks=CHECKS)
    assert ("disk.space.work", "cleaning", "site admins", 1798675200.0) == (
        exemption.check_id,
        exemption.reason,
        exemption.owner,
        exemption.expires,
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("[", "x.json is not JSON"),
        ("{}", "x.json must be a JSON list"),
        ("[5]", "x.json, exemption 1: an object with exactly check, reason, owner, expires"),
        ([{k: v for k, v in ENTRY.items() if k != "owner"}], "exemption 1: an object with exactly"),
        ([ENTRY, {**ENTRY, "reason": " "}], "exemption 2: 'reason' must be a text, and not empty"),
        ([{**ENTRY, "expires": "never"}], "'expires' must be a date like 2026-12-31"),
        ([{**ENTRY, "check": "disk.space"}], "unknown check 'disk.space' - did you mean"),
    ],
)
def test_an_exemption_without_reason_owner_or_end_is_refused(document: Any, message: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(SettingsError) as caught:
        read_exemptions(text, source="x.json", checks=CHECKS)
    assert message in str(caught.value)

"""The line that runs a job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.software import LOCAL_ROOT
from pilotcore.software import is_downloaded
from pilotcore.software import release_line

JOB = Job(
    1,
    1,
    "Reco_tf.py",
    "--maxEvents 10",
    (),
    (),
    None,
    release="Atlas-25.0.20",
    package="Athena/25.0.20",
    platform="x86_64-el9-gcc13-opt",
)


@pytest.fixture
def base(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a site whose /cvmfs is here."""
    setup = tmp_path / LOCAL_ROOT / "user" / "atlasLocalSetup.sh"
    setup.parent.mkdir(parents=True)
    setup.touch()
    return {"ATLAS_SW_BASE": str(tmp_path)}


def test_a_transform_is_downloaded_or_a_program() -> None:
    assert is_downloaded("https://pandaserver.sim/trf/user/payload")
    assert not is_downloaded("Reco_tf.py")


def test_a_job_of_a_release_sets_it_up_first(base: dict[str, str]) -> None:
    root = f"{base['ATLAS_SW_BASE']}/{LOCAL_ROOT}"
    assert release_line(JOB, base) == (
        f"export ATLAS_LOCAL_ROOT_BASE={root}; source {root}/user/atlasLocalSetup.sh --quiet && "
        "source $AtlasSetup/scripts/asetup.sh Athena,25.0.20,notest "
        "--platform x86_64-el9-gcc13-opt && Reco_tf.py --maxEvents 10"
    )


def test_what_the_job_does_not_say_is_left_to_asetup(base: dict[str, str]) -> None:
    line = release_line(replace(JOB, package="", platform="", parameters=""), base)
    assert line.endswith("asetup.sh 25.0.20,notest && Reco_tf.py")


def test_a_job_without_a_release_is_run_as_it_is() -> None:
    assert "echo a" == release_line(
        replace(JOB, transformation="echo", parameters="a", release=""), {}
    )


def test_a_site_without_the_software_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(PilotError, match=r"atlasLocalSetup\.sh is not there") as caught:
        release_line(JOB, {"ATLAS_SW_BASE": str(tmp_path)})
    assert 1110 == caught.value.failure.code

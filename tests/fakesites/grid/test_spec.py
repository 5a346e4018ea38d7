"""Grids as data: what a file says, what is wrong with it, and where."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from fakesites.grid.spec import default_grid
from fakesites.grid.spec import grid_of
from fakesites.grid.spec import load_grid
from fakesites.grid.spec import site_of
from fakesites.sitespec import load_site
from fakesites.sitespec import site_names
from simkernel import ScenarioError

TEXT = """
seed = 7
duration = "2d"
[[site]]
name = "BNL"
[[site]]
name = "TINY"
like = "UC_ITB"
[site.grid]
system = "slurm"
uplink = "1.25 GB/s"
walltime = "2h"
[site.grid.rates]
preempt = 0.5
[workload]
payload = "1h"
input = "3 GB"
[links]
"BNL:TINY" = "500 MB/s"
[[incident]]
site = "BNL"
what = "storage"
at = "6h"
lasting = "2h"
factor = 0.1
"""


def error_of(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        grid_of(tomllib.loads(text), where="g.toml")
    return str(caught.value)


@pytest.mark.parametrize("name", site_names())
def test_every_site_of_the_catalogue_can_stand_in_a_grid(name: str) -> None:
    site = site_of(load_site(name))
    assert (site.name, site.slots > 0, site.walltime_s) == (
        name,
        True,
        load_site(name).batch.walltime_s,
    )


def test_a_file_names_sites_and_puts_things_over_them(tmp_path: Path) -> None:
    path = tmp_path / "g.toml"
    path.write_text(TEXT)
    spec = load_grid(path)
    tiny = spec.sites[1]
    assert [site.name for site in spec.sites] == ["BNL", "TINY"]
    assert (tiny.system, tiny.uplink, tiny.walltime_s, tiny.rates.preempt) == (
        "slurm",
        1.25e9,
        7200.0,
        0.5,
    )
    assert tiny.hosts == site_of(load_site("UC_ITB")).hosts
    assert (spec.duration_s, spec.workload.payload_s, spec.workload.input) == (
        172_800.0,
        3600.0,
        3 * 10**9,
    )
    assert (spec.links, spec.incidents[0].lasting_s) == ({"BNL:TINY": 5e8}, 7200.0)


def test_without_sites_they_are_the_ten() -> None:
    assert grid_of({"seed": 2}, where="g.toml").sites == default_grid().sites


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("speed = 1", "g.toml: unknown field 'speed' — did you mean seed"),
        ("policy = 'dat'", "unknown policy 'dat' — did you mean data"),
        ("[[site]]\nlike = 'BNL'", "g.toml.site: a site without a name"),
        ("[[site]]\nname = 'BNLL'", "unknown site 'BNLL' — did you mean BNL"),
        (
            "[[site]]\nname = 'BNL'\n[site.grid]\nsystem = 'slrum'",
            "BNL.grid: unknown system 'slrum' — did you mean slurm",
        ),
        ("[[site]]\nname = 'BNL'\n[site.grid]\nhosts = 0", "hosts = 0: nothing would run"),
        ("[[site]]\nname = 'BNL'\n[site.grid]\npilot_cores = 99", "pilot_cores = 99"),
        (
            "[[site]]\nname = 'BNL'\n[site.grid.rates]\npreemt = 1.0",
            "BNL.grid.rates: unknown field 'preemt' — did you mean preempt",
        ),
        ("[links]\n'BNL:UCC' = '1 GB/s'", "g.toml.links: unknown site 'UCC' — did you mean UC"),
        (
            "[[incident]]\nsite = 'BNL'\nwhat = 'storrage'\nat = 0\nlasting = 1",
            "unknown incident 'storrage' — did you mean storage",
        ),
        ("[[site]]\nname = 'BNL'\n[[site]]\nname = 'BNL'", "two sites of one name"),
        ("[workload]\ninput = 'much'", "g.toml.workload.input: 'much' is no number"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: Any) -> None:
    assert said in error_of(text)

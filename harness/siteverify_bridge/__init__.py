"""The site checks at a simulated site: ``flightsim verify --site BNL_ITB``.

The checks of siteverify do not know where they look: `NodeVantage` shows them a worker node of
the simulated grid, in virtual time, as they would see a real one. The module `matrix` breaks that
node in every way and tells which check notices what.
"""

from __future__ import annotations

from harness.siteverify_bridge.vantage import NodeVantage

__all__ = ["NodeVantage", "run"]


def run(site: str, arguments: list[str]) -> int:
    """Run siteverify's command line at *site*, a site of the catalogue or one of its queues.

    Returns siteverify's exit code. Raises ScenarioError for a site that there is not.
    """
    import siteverify
    from harness.siteverify_bridge.world import find_place
    from harness.siteverify_bridge.world import options_for
    from harness.siteverify_bridge.world import small_world

    place = find_place(site)
    with small_world(place) as world:
        return siteverify.main(options_for(place, arguments), vantage=NodeVantage(world))

"""The proxy is a limited one: good for files, not for starting anything."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from fakesites.recipes import recipe_of
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.credential._parts import on_credential


@fault(
    "limited",
    on=("credential.proxy",),
    about="make the proxy a limited one, which gatekeepers and gLExec refuse",
)
@dataclass(frozen=True, slots=True)
class Limited:
    """Make the proxy a limited one with the same lifetimes; doors of storage take it all the same.

    So it comes from a delegation by the old job managers of Globus.
    """

    def install(self, trigger: Fuse) -> None:
        """Change the credential when the trigger says."""
        world = trigger.world

        def limit() -> None:
            recipe = recipe_of(world.credentials.read())
            world.credentials.write(replace(recipe, limited=True).sign())

        on_credential(trigger, limit)

"""``ssl`` without secrets: CPython's own, on an engine that sends records and a world that judges.

Its methods are replaced as soon as a program imports it: some pilots never do.
"""

from __future__ import annotations

from guest.afterwards import afterwards


def install():
    """Change ``ssl`` when a program imports it, or now."""
    afterwards.change("ssl", change)


def change(ssl):
    """Replace what ``ssl`` does with certificates and connections."""
    from guest.network.tls import context

    context.install()

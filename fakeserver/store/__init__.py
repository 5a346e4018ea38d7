"""Where a live server keeps what must survive: records and the journal, in sqlite3.

A file that one server at a time may have, or memory. ``fakeserver.keeping`` says what a record is.
"""

from __future__ import annotations

from fakeserver.store.sqlite import Store
from fakeserver.store.sqlite import open_store

__all__ = [
    "Store",
    "open_store",
]

"""One folder of credentials for all tests of a process: making keys takes a while."""

from __future__ import annotations

from typing import Iterator

import pytest

from fakeserver import Policy
from fakeserver.live.credentials import Folder
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.running import new_folder
from tests.fakeserver.live.running import new_live
from tests.fakeserver.live.running import running


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return credentials."""
    return new_folder(tmp_path_factory.mktemp("credentials"))


@pytest.fixture
def plain() -> Iterator[Running]:
    """Return a server without TLS that lets anybody in."""
    with running(new_live()) as served:
        yield served


@pytest.fixture
def secure(folder: Folder) -> Iterator[Running]:
    """Return a server with TLS that lets in whom it knows."""
    policy = Policy(anonymous=False, token_seed=folder.seed)
    with running(new_live(policy=policy), folder=folder) as served:
        yield served

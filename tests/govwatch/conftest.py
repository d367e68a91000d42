"""What the tests of the command share: a desk, a site on loopback, a store, and what was really read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.desk import Desk
from fakes.site import Site

from core.model import Capture
from core.read import PageReader
from storage.write import Store, open_store


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure()
    return desk


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty database in memory."""
    with open_store(Path(":memory:")) as store:
        yield store


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Capture]:
    """The captures that were really read."""
    read: list[Capture] = []
    real = PageReader.read

    def spy(reader: PageReader, capture: Capture) -> Any:
        read.append(capture)
        return real(reader, capture)

    monkeypatch.setattr(PageReader, "read", spy)
    return read

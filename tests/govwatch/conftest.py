"""What the tests of the command share: a desk, and a site on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.desk import Desk
from fakes.site import Site

from core.model import Capture
from core.read import PageReader


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
def read(monkeypatch: pytest.MonkeyPatch) -> list[Capture]:
    """The captures that were really read."""
    read: list[Capture] = []
    real = PageReader.read

    def spy(reader: PageReader, capture: Capture) -> Any:
        read.append(capture)
        return real(reader, capture)

    monkeypatch.setattr(PageReader, "read", spy)
    return read

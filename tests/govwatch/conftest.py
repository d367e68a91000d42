"""What the tests of the command share: a desk, and a site on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.desk import Desk
from fakes.site import Site


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure()
    return desk


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site

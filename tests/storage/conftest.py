"""What the tests of the storage share: a file, a store in it, and one page in a transaction."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.checks import watched

from storage.write import Store, Transaction, open_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "govwatch.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with open_store(file) as store:
        yield store


@pytest.fixture
def watching(file: Path) -> Iterator[tuple[Transaction, int]]:
    with watched(file) as (tx, page):
        yield tx, page

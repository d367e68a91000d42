"""What the tests of the reading views share: one browser, and one site of a database with a bit of everything."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes.archive import NOW, build
from fakes.browser import chromium

from storage.overview import open_overview
from web.site import write_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """One browser for a file of tests: while it is open, Playwright's event loop runs, and nothing else may run one."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "archive.db"
    build(file)
    return file


@pytest.fixture(scope="session")
def site(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with open_overview(archive) as reader:
        write_site(reader, folder, NOW)
    return folder

"""Claims about reading the markup of each family of systems, on pages of our own writing."""

from datetime import UTC, datetime

import pytest
from pages import layouts, portals, systems, unseen
from pages.markup import Page

from config.shipped import load_library
from core.model import Capture, QualityKind
from core.read import page_reader

LIBRARY = load_library()
NOW = datetime(2024, 7, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "page", [*systems.PAGES, *layouts.PAGES, *portals.PAGES, *unseen.PAGES], ids=lambda page: page.name
)
def test_a_page_of_the_family_is_read_field_by_field(page: Page) -> None:
    capture = Capture(page.url, page.url, 200, (), page.document.encode(), NOW, NOW)
    reading = page_reader(page.url, "", LIBRARY.profiles, LIBRARY.rules).read(capture)
    text = reading.text
    assert text is not None
    read = (text.title, text.published, text.source, text.editor)
    assert read == (page.title, page.published, page.source, page.editor)
    assert text.body == page.body
    assert tuple((file.name, file.url) for file in text.attachments or ()) == page.attachments
    assert reading.quality.kind is QualityKind.OK
    assert not page.profile or reading.profile == page.profile

"""Claims about edits of single fields on the bytes of real pages: each is told, by its name, and noise never is."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from pages import layouts, portals, systems, unseen
from pages.edits import Shown, edits
from pages.markup import Page

from config.shipped import load_library
from core.compare import changed_fields
from core.model import Capture, NormalText, QualityKind
from core.read import page_reader
from govwatch.demo import article

LIBRARY = load_library()
NOW = datetime(2024, 7, 14, tzinfo=UTC)
ARTICLES = Path(__file__).parents[3] / "shared" / "pages" / "articles"
SEED = 20240714
LEAST_EDITS = 200
_DATE = re.compile(r"2024[-/.年]0?5[-/.月]0?1日?(?:\s*\d\d:\d\d)?")
_HEAD = re.compile("(?is)<head.*?</head>")
_HAN = re.compile("[\u4e00-\u9fff]")

needs_pages = pytest.mark.skipif(not ARTICLES.is_dir(), reason="the pages with their gold are not beside this checkout")


def read(shown: Shown, page: bytes) -> NormalText:
    capture = Capture(shown.url, shown.url, 200, (), page, NOW, NOW)
    reading = page_reader(shown.url, "", LIBRARY.profiles, LIBRARY.rules).read(capture)
    assert reading.quality.kind is QualityKind.OK
    assert reading.text is not None
    return reading.text


def wrong(pages: list[Shown]) -> tuple[Counter[str], list[str]]:
    """Return how many edits of each field were made, and those that were not told by their name alone."""
    rng, made, failed = Random(SEED), Counter[str](), []
    for shown in pages:
        before = read(shown, shown.page)
        for edit in edits(shown, rng):
            made[edit.field or "noise"] += 1
            changed = {change.field for change in changed_fields(before, read(shown, edit.page))}
            if changed != ({edit.field} if edit.field else set()):
                failed.append(f"{edit.what}: told {sorted(changed)}")
    return made, failed


def real_pages() -> list[Shown]:
    """Return the pages with gold; the sentence to edit is the exact string of the gold's middle."""
    pages = []
    for file in sorted(ARTICLES.glob("*.json")):
        gold, page = json.loads(file.read_text(encoding="utf-8")), file.with_suffix(".html").read_bytes()
        encoding = "utf-16" if page[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        files = tuple(given["href"] for given in gold["attachments"])
        pages.append(
            Shown(
                gold["id"], page, encoding, gold["title"], gold["published"], gold["source"], gold["editor"],
                gold["body_first"], gold["body_mid"], gold["body_last"], files, gold["url"] or "",
            )
        )  # fmt: skip
    return pages


def own_pages() -> list[Shown]:
    files = (("线路表.docx", "/files/1.0.docx"),)
    return [
        Shown(
            f"demo in {encoding}", article.article_html(charset=encoding, attachments=files), encoding, article.TITLE,
            article.PUBLISHED, article.SOURCE, article.EDITOR, article.PARAGRAPHS[0], article.PARAGRAPHS[3][:20], article.PARAGRAPHS[-1],
            ("/files/1.0.docx",), url,
        )
        for encoding, url in (("utf-8", "http://www.sc.gov.cn/a.shtml"), ("gb18030", ""), ("utf-16", ""), ("utf-8", ""))
    ]  # fmt: skip


def test_every_edit_of_our_own_pages_is_told_by_its_name_and_noise_is_not() -> None:
    made, failed = wrong(own_pages())
    assert failed == []
    assert set(made) == {"title", "published", "source", "editor", "body", "attachments", "noise"}


def family_pages() -> list[Shown]:
    """Return the pages of each family and structure that stand in a frame and show a sentence of their own."""
    tables = (*systems.PAGES, *layouts.PAGES, *portals.PAGES, *unseen.PAGES)
    return [_shown(page) for page in tables if page.frame and max(page.body, key=len) in page.document]


def _shown(page: Page) -> Shown:
    body = [text for text in page.body if text in page.document]
    files = tuple(url.rsplit("/", 1)[-1] for _, url in page.attachments)
    sentence = max(body, key=len)[3:15]
    dates = _DATE.findall(_HEAD.sub("", page.document)) if page.published.startswith("2024-05-01") else []
    return Shown(
        page.name, page.document.encode(), "utf-8", page.title, dates[0] if dates else "", page.source, page.editor,
        body[0], sentence, body[-1][-8:], files, page.url,
    )  # fmt: skip


def test_every_edit_of_the_pages_of_each_family_is_told_by_its_name_and_noise_is_not() -> None:
    made, failed = wrong([shown for shown in family_pages() if _HAN.search(shown.sentence)])
    assert failed == []
    assert min(made["noise"], made["title"], made["body"]) >= 100


@needs_pages
def test_every_edit_of_the_real_pages_is_told_by_its_name_and_noise_is_not() -> None:
    made, failed = wrong(real_pages())
    assert failed == []
    assert made["noise"] >= LEAST_EDITS
    assert sum(made.values()) - made["noise"] >= LEAST_EDITS
    assert set(made) == {"title", "published", "source", "editor", "body", "attachments", "noise"}

"""Claims about small edits and small noise in an article of our own, on the sample's profile and on the generic road."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import pytest

from config.shipped import load_library
from core.compare import changed_fields
from core.model import Capture, NormalText, QualityKind
from core.read import page_reader
from govwatch.demo.article import PARAGRAPHS, article_html, article_text

LIBRARY = load_library()
NOW = datetime(2024, 7, 14, tzinfo=UTC)
URLS = ("http://www.sc.gov.cn/a.shtml", "http://www.example.gov.cn/a.shtml")

anywhere = pytest.mark.parametrize("url", URLS)


def read(page: bytes, url: str, media: Literal["html", "text"] = "html") -> NormalText:
    capture = Capture(url, url, 200, (), page, NOW, NOW, media=media)
    reading = page_reader(url, "", LIBRARY.profiles, LIBRARY.rules).read(capture)
    assert reading.quality.kind is QualityKind.OK, reading.quality.reason
    assert reading.text is not None
    return reading.text


def told(url: str, old: bytes, new: bytes) -> list[str]:
    return [change.field for change in changed_fields(read(old, url), read(new, url))]


def mid(*blocks: str) -> tuple[str, ...]:
    """The paragraphs with `blocks` in their middle."""
    return (*PARAGRAPHS[:3], *blocks, *PARAGRAPHS[3:])


@anywhere
def test_an_article_cut_down_to_a_line_is_read_and_told(url: str) -> None:
    assert told(url, article_html(), article_html(paragraphs=["（内容已由编辑精简。）"])) == ["body"]


@anywhere
def test_line_breaks_in_the_source_are_no_change(url: str) -> None:
    title, first = "云岭县召开现场会\n在青石镇", "校车安全工作现场会，\n在青石镇\n召开。"
    whole = article_html(title.replace("\n", ""), paragraphs=[first.replace("\n", ""), *PARAGRAPHS])
    assert told(url, article_html(title, paragraphs=[first, *PARAGRAPHS]), whole) == []


@anywhere
@pytest.mark.parametrize(
    "paragraphs",
    [
        mid("• 第一点要落实", "• 第二点要检查"),
        mid("据当地介绍,工作已经开展。(编辑:张三)"),
        mid("(编辑:张三)"),
    ],
)
def test_a_copy_as_text_tells_what_the_page_does(paragraphs: Sequence[str], url: str) -> None:
    shown = read(article_html(paragraphs=paragraphs), url)
    assert changed_fields(read(article_text(paragraphs=paragraphs), url, "text"), shown) == ()


@anywhere
def test_a_copy_as_text_reads_the_editor_at_the_end_of_the_last_paragraph(url: str) -> None:
    paragraphs = [*PARAGRAPHS, "会议结束。(责任编辑:张三)"]
    copy = article_text(paragraphs=paragraphs).decode().replace("    责任编辑: 苏可明\n", "")
    text = read(copy.encode(), url, "text")
    assert (text.editor, text.body) == ("张三", tuple(paragraphs))


@anywhere
@pytest.mark.parametrize(
    "href", ["/download.do?id={}", "/f/{}.png", "/f/{}.tif", "/f/{}.docm", "/f/{}.tar.gz", "/get/{}"]
)
def test_another_file_in_the_box_of_attachments_is_told(href: str, url: str) -> None:
    old, new = (article_html(attachments=[("线路表", href.format(number))]) for number in (1, 2))
    assert told(url, old, new) == ["attachments"]


@anywhere
@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("editor", "苏可明【省】", "苏可明【市】"),
        ("editor", "苏可明 校对 张三", "苏可明 校对 李四"),
        ("source", "人民网[四川频道]", "人民网[重庆频道]"),
        ("source", "、".join(["云岭县教育局"] * 12), "、".join(["云岭县教育局"] * 11)),
    ],
)
def test_a_name_is_read_to_its_end(field: str, old: str, new: str, url: str) -> None:
    assert told(url, article_html(**{field: old}), article_html(**{field: new})) == [field]

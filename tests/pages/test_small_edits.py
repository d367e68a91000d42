"""Claims about small edits and small noise in an article of our own, on the sample's profile and on the generic road."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import pytest
from pages.markup import TEXT, TITLE, Page

from config.shipped import load_library
from core.compare import changed_fields
from core.model import Capture, NormalText, QualityKind, Reading
from core.read import page_reader
from govwatch.demo.article import PARAGRAPHS, article_html, article_text

LIBRARY = load_library()
NOW = datetime(2024, 7, 14, tzinfo=UTC)
URLS = ("http://www.sc.gov.cn/a.shtml", "http://www.example.gov.cn/a.shtml")

anywhere = pytest.mark.parametrize("url", URLS)


def reading(page: bytes, url: str, media: Literal["html", "text"] = "html") -> Reading:
    capture = Capture(url, url, 200, (), page, NOW, NOW, media=media)
    return page_reader(url, "", LIBRARY.profiles, LIBRARY.rules).read(capture)


def read(page: bytes, url: str, media: Literal["html", "text"] = "html") -> NormalText:
    read = reading(page, url, media)
    assert read.quality.kind is QualityKind.OK, read.quality.reason
    assert read.text is not None
    return read.text


def told(url: str, old: bytes, new: bytes) -> list[str]:
    return [change.field for change in changed_fields(read(old, url), read(new, url))]


def mid(*blocks: str) -> tuple[str, ...]:
    """The paragraphs with `blocks` in their middle."""
    return (*PARAGRAPHS[:3], *blocks, *PARAGRAPHS[3:])


@anywhere
@pytest.mark.parametrize(
    "left",
    [
        "（内容已由编辑精简。）",
        "登记文件不存在",
        "文件不存在",
        "文件不存在的，不予登记。",
        "信息不存在，不予公开。",
        "该信息不存在，依法不予公开。",
        "新闻发布会已取消。",
        "网站维护请拨打值班电话。",
    ],
)
def test_an_article_cut_down_to_a_line_is_read_and_told(left: str, url: str) -> None:
    assert told(url, article_html(), article_html(paragraphs=[left])) == ["body"]
    # Where neither date nor source is shown, these words alone do mean the page.
    bare = article_html(paragraphs=[left], published="", source="", editor="", elder=False)
    assert reading(bare, url).quality.kind is (QualityKind.GONE if left == "文件不存在" else QualityKind.OK)


@anywhere
@pytest.mark.parametrize(
    "notice",
    ["您访问的页面不存在", "该文件不存在，请返回首页", "文章已删除", "该信息不存在或已被删除", "此新闻已被作者删除。"],
)
def test_an_article_replaced_by_a_notice_is_gone(notice: str, url: str) -> None:
    assert reading(article_html(paragraphs=[notice]), url).quality.kind is QualityKind.GONE


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


@pytest.mark.parametrize("href", ["/f/{}.png", "/f/{}.tif", "/f/{}.tar.gz", "/download.do?id={}"])
def test_another_file_in_a_box_of_any_site_is_told(href: str) -> None:
    box = '<h1>{}</h1><div id="zoom">{}</div><div class="fujian"><a href="{}">线路表</a></div>'
    old, new = (Page("box", box.format(TITLE, TEXT, href.format(number)), "").document for number in (1, 2))
    assert told(URLS[1], old.encode(), new.encode()) == ["attachments"]


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


COUNTERS = [
    ("浏览次数：1,234", "浏览次数：1,235"),
    ("点击：77", "点击：78"),
    ("浏览：7次", "浏览：8次"),
    ("阅读 1.2万", "阅读 1.3万"),
    ("已有12人浏览", "已有13人浏览"),
    ("当前时间：2024-01-01 10:00:00", "当前时间：2024-01-01 10:00:01"),
    ("今天是2024年1月1日 星期一", "今天是2024年1月2日 星期二"),
    ("发布时间：2023-05-21 浏览次数：7", "发布时间：2023-05-21 浏览次数：8"),
]


@anywhere
@pytest.mark.parametrize(("old", "new"), COUNTERS)
def test_a_counter_or_a_clock_at_the_start_or_end_of_an_article_is_no_change(old: str, new: str, url: str) -> None:
    assert told(url, article_html(paragraphs=[old, *PARAGRAPHS]), article_html(paragraphs=[new, *PARAGRAPHS])) == []
    assert told(url, article_html(paragraphs=[*PARAGRAPHS, old]), article_html(paragraphs=[*PARAGRAPHS, new])) == []
    both = [article_html(paragraphs=[line, "时间：5月18日", *PARAGRAPHS, line, "打印"]) for line in (old, new)]
    assert told(url, *both) == []


@anywhere
@pytest.mark.parametrize(
    ("old", "new"),
    [
        *COUNTERS[:6],
        ("全年平台访问量：3600次。", "全年平台访问量：6300次。"),
        ("访问量：3600次", "访问量：6300次"),
        ("平台访问量：3600次，增长一成", "平台访问量：6300次，增长一成"),
        ("本站全年被访问3600次。", "本站全年被访问6300次。"),
    ],
)
def test_a_number_in_the_middle_of_an_article_is_a_change(old: str, new: str, url: str) -> None:
    assert told(url, article_html(paragraphs=mid(old)), article_html(paragraphs=mid(new))) == ["body"]


@anywhere
@pytest.mark.parametrize(
    "number", ["全年平台访问量：{}次。", "访问量：{}次,增长一成。", "本站全年被访问{}次。", "访问{}次。"]
)
def test_a_sentence_with_a_number_of_visits_is_told_wherever_it_stands(number: str, url: str) -> None:
    for place in (0, len(PARAGRAPHS)):
        old, new = (
            article_html(paragraphs=[*PARAGRAPHS[:place], number.format(count), *PARAGRAPHS[place:]])
            for count in (3600, 6300)
        )
        assert told(url, old, new) == ["body"]

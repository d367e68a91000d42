"""Claims about the files that a page offers."""

import pytest

from core.blocks import parse_html
from core.files import attached_regions, file_links

BASE = "http://a.cn/x/1.html"


def links(html: str) -> list[tuple[str, str]]:
    root = parse_html(html)
    assert root is not None
    return [(file.name, file.url) for file in file_links([root], BASE)]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("<a href='a.pdf'>线路</a>", [("线路", "http://a.cn/x/a.pdf")]),
        ("<a href='/d?f=a.DOCX&c=0'>线路</a>", [("线路", "http://a.cn/d?f=a.DOCX&c=0")]),
        ("<a href='a.ofd' title='表'></a>", [("表", "http://a.cn/x/a.ofd")]),
        ("<a href='a.et'></a>", [("a.et", "http://a.cn/x/a.et")]),
        (
            "<a href='/system/_content/download.jsp?id=1'>表</a>",
            [("表", "http://a.cn/system/_content/download.jsp?id=1")],
        ),
        ("<a href='/get/77'>表.xls（23KB）</a>", [("表.xls（23KB）", "http://a.cn/get/77")]),
        ("<a href='P1.jpg'>附件1：图</a>", [("附件1：图", "http://a.cn/x/P1.jpg")]),
        ("<a href='t.html'>附件1：表</a>", []),
        ("<a href='/info/77'>附件1：表</a>", []),
        ("<a href='javascript:open(\"a.pdf\")'>表</a><a>无</a><a href='#a.pdf'>锚</a>", []),
        ("<a href='a.html'>新闻</a><a href='http://a.com'>站</a>", []),
        ("<a href='http://[a.doc'>坏</a>", [("坏", "http://[a.doc")]),
        ("<a href='a.pdf'><img></a><a href='a.pdf'>线路</a><a href='a.pdf'>再</a>", [("线路", "http://a.cn/x/a.pdf")]),
    ],
)
def test_a_link_to_a_file_is_known(link: str, found: list[tuple[str, str]]) -> None:
    assert links(link) == found


def test_in_a_box_of_attachments_every_link_but_a_script_counts() -> None:
    root = parse_html(
        "<a href='t.html'>外</a><div><a href='t.html'>表</a><a href='/get'>图</a><a href='#'>上</a></div>"
    )
    assert root is not None
    boxes = root.xpath("//div")
    assert [file.name for file in file_links([root, *boxes], BASE, boxes)] == ["表", "图"]


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<div class='fj'><a href='a.pdf'>表</a></div>", 1),
        ("<div id='fujian'><ul><li><a href='a.pdf'>表</a></li></ul></div>", 1),
        ("<p>附件：<a href='a.pdf'>表</a></p>", 1),
        ("<p>其他</p><p><a href='a.pdf'>附件1</a></p>", 1),
        ("<p>请看</p><p><a href='a.pdf'>手册</a></p>", 0),
        ("<div class='footer'><p>附件：<a href='a.pdf'>表</a></p></div>", 0),
        ("<div class='fj'><a href='a.html'>表</a></div>", 0),
        (
            "<div class='fj'><a href='a.tif'>表</a><a href='b.png'>图</a><a href='#a.png'>上</a><a href='/b'>页</a></div>",
            2,
        ),
        ("<p>附件：<a href='a.png'>图</a></p>", 0),
        ("<div class='fj' id='body'><a href='a.pdf'>表</a></div>", 0),
    ],
)
def test_a_file_outside_the_body_needs_a_box_or_a_heading(html: str, count: int) -> None:
    root = parse_html(html)
    assert root is not None
    assert len(list(attached_regions(root, root.xpath("//*[@id='body']")))) == count

"""Claims about articles of pictures and embedded files."""

import pytest

from core.blocks import parse_html
from core.extract import Extraction, HtmlPage
from core.pictures import media_names
from core.profile import Profile

BODY = ("id('c')", "density", "text")


def names(html: str) -> tuple[str, ...]:
    root = parse_html(html)
    assert root is not None
    return media_names(root)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p><img src='/u/A1.PNG'><img src='/u/A1.PNG'></p>", ("A1.PNG",)),
        ("<p><img data-src='http://a.cn/b.jpg?x=1' alt='c.gif'></p>", ("b.jpg",)),
        ("<p><iframe src='/view.html?file=/a/b%20c.pdf'></iframe></p>", ("b%20c.pdf",)),
        ("<p><embed src='/v.swf' flashvars='SwfFile=/a/d.swf&Scale=1'></p>", ("d.swf",)),
        ("<p><script>showPdf('/__local/1/e.pdf', '800')</script></p>", ("e.pdf",)),
        ("<p><video><source src='f.mp4'></video><object data='g.ofd'></object></p>", ("f.mp4", "g.ofd")),
        ("<p><img><img src='data:image/png;base64,AA'><iframe src='/map'></iframe>文字</p>", ()),
    ],
)
def test_the_files_that_an_article_embeds_are_named(html: str, expected: tuple[str, ...]) -> None:
    assert names(html) == expected


def extract(html: str) -> Extraction:
    root = parse_html(html)
    assert root is not None
    return HtmlPage(
        root, "http://a.cn/x.html", Profile("t", fields=(("body", BODY), ("title", ("id('t')",))))
    ).extract()


MENU = "<ul><li>首页</li><li>政务公开</li></ul>"


def test_an_article_without_text_is_what_it_embeds() -> None:
    found = extract(f"{MENU}<h1 id='t'>一图读懂</h1><div id='c'><img src='a.png'></div><p>转载请注明出处，违者必究</p>")
    assert (found.title, found.body, found.whole_page) == ("一图读懂", ("a.png",), False)
    assert found.evidence[-1].selector == "pictures"


def test_an_article_with_text_elsewhere_is_that_text() -> None:
    text = "会议在青石镇召开，研究部署了校车安全工作，听取了汇报。" * 9
    assert extract(f"{MENU}<div id='c'><img src='a.png'></div><div><p>{text}</p></div>").body == (text,)


def test_a_container_that_embeds_nothing_is_passed_over() -> None:
    assert extract(f"{MENU}<div id='c'></div><p>县政府</p>").whole_page

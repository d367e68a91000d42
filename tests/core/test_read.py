"""Claims about reading a whole capture, HTML and plain text."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.shipped import load_library
from core.errors import RuleError
from core.model import FIELDS, Attachment, Capture, QualityKind, Reading, Removal
from core.normalize import fingerprint
from core.profile import GENERIC, Example, Profile, Rule
from core.read import page_reader
from govwatch.demo import article

LIBRARY = load_library()
URL = "http://www.sc.gov.cn/10462/10464/2023/5/22/a1.shtml"
NOW = datetime(2024, 7, 14, tzinfo=UTC)
PAGE = article.article_html()
WIDE = str.maketrans({",": "，", ":": "：", ";": "；", "(": "（", ")": "）"})
SEED = Path(__file__).parents[3] / "shared" / "seed-page.txt"


def capture(body: bytes, media: Literal["html", "text"] = "html", url: str = URL) -> Capture:
    return Capture(url, url, 200, (), body, NOW, NOW, media=media)


def read(body: bytes, media: Literal["html", "text"] = "html", url: str = URL, profile: str = "") -> Reading:
    return page_reader(url, profile, LIBRARY.profiles, LIBRARY.rules).read(capture(body, media, url))


def same(one: Reading, other: Reading) -> bool:
    assert one.text is not None
    assert other.text is not None
    return fingerprint(one.text) == fingerprint(other.text)


def test_an_article_is_read_field_by_field() -> None:
    reading = read(article.article_html(attachments=[("线路表.docx", "/files/1.docx"), ("线路图", "P0202.pdf?v=1")]))
    text = reading.text
    assert text is not None
    assert (text.title, text.published) == (article.TITLE, article.PUBLISHED_ISO)
    assert (text.source, text.editor, text.body) == (article.SOURCE, article.EDITOR, article.PARAGRAPHS)
    assert text.attachments == (
        Attachment("线路表.docx", "http://www.sc.gov.cn/files/1.docx"),
        Attachment("线路图", "http://www.sc.gov.cn/10462/10464/2023/5/22/P0202.pdf?v=1"),
    )
    assert (reading.quality.kind, reading.charset, reading.profile) == (QualityKind.OK, "utf-8", "sc.gov.cn")
    assert tuple(given.field for given in reading.evidence) == FIELDS


def test_noise_makes_no_difference() -> None:
    assert len({fingerprint(text) for n in range(20) if (text := read(article.article_html(noise=n)).text)}) == 1


def test_the_elder_copy_is_never_read() -> None:
    normal = read(article.article_html(elder=False))
    assert same(read(article.article_html(elder_paragraphs=["另一篇。"])), normal)
    edited = ("只有正常版改了这一句。", *article.PARAGRAPHS[1:])
    assert not same(read(article.article_html(paragraphs=edited, elder_paragraphs=article.PARAGRAPHS)), normal)


@pytest.mark.parametrize("charset", ["gb18030", "gb2312", "utf-8", "utf-16"])
def test_the_encoding_makes_no_difference(charset: str) -> None:
    assert same(read(article.article_html(charset=charset)), read(article.article_html()))


def test_full_width_punctuation_makes_no_difference() -> None:
    wide = [text.translate(WIDE) for text in article.PARAGRAPHS]
    assert same(read(article.article_html(paragraphs=wide)), read(article.article_html()))


@pytest.mark.parametrize("elder", [True, False])
def test_a_text_capture_reads_as_the_page_does(elder: bool) -> None:
    reading = read(article.article_text(elder=elder), "text")
    assert reading.text is not None
    assert reading.text.body == article.PARAGRAPHS
    assert reading.text.attachments is None
    assert reading.quality.kind is QualityKind.OK
    assert same(reading, read(article.article_html()))
    assert Removal("qr-line", 11) in reading.removed
    assert ("second-copy" in {removal.rule_id for removal in reading.removed}) is elder


def test_a_text_without_an_editors_line_ends_at_the_footer() -> None:
    lines = [line for line in article.article_text(elder=False).decode().splitlines() if "责任编辑" not in line]
    text = read("\n".join(lines).encode(), "text").text
    assert text is not None
    assert (text.editor, text.body) == ("", article.PARAGRAPHS)


def test_a_text_without_attributes_is_all_body() -> None:
    text = read("说明\n只有两行。\n打印本页\n".encode(), "text").text
    assert text is not None
    assert (text.title, text.body) == ("", ("说明", "只有两行。"))


def test_a_headline_repeated_in_the_article_does_not_end_it() -> None:
    body = "标题\n来源：甲\n第一段。\n标题\n第二段。\n责任编辑：乙\n"
    text = read(body.encode(), "text").text
    assert text is not None
    assert text.body == ("第一段。", "标题", "第二段。")


@pytest.mark.skipif(not SEED.exists(), reason="the seed page is not beside this checkout")
def test_the_page_the_project_began_with_is_read_right() -> None:
    reading = read(SEED.read_bytes(), "text")
    text = reading.text
    assert text is not None
    assert text.title == "教育厅精准扶贫对口帮扶武胜工作推进会召开"
    assert (text.published, text.source, text.editor) == ("2017-05-22T14:50:00+08:00", "教育厅", "白婉苹")
    assert text.body is not None
    assert len(text.body) == 7
    assert text.body[0].startswith("5月18日,省教育厅")
    assert text.body[6].endswith("赴各贫困村调研。")
    for width in ({}, WIDE):
        page = article.article_html(
            text.title, "2017年05月22日 14时50分", "教育厅", "白婉苹", [line.translate(width) for line in text.body]
        )
        assert same(read(page), reading)


def test_the_layout_of_2015_is_read_from_gb2312() -> None:
    page = (
        "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'>"
        "<title>县里开会-四川省人民政府网站</title></head><body><table>"
        "<tr><td>2015年03月02日 09时10分 来源： 四川日报</td></tr><tr><td class='contText'>"
        "<p>第一段，朱镕基题字。</p>第二段。<br>第三段。</td></tr></table></body></html>"
    )
    reading = read(page.encode("gb18030"))
    text = reading.text
    assert text is not None
    assert (text.title, text.published, text.source) == ("县里开会", "2015-03-02T09:10:00+08:00", "四川日报")
    assert text.body == ("第一段，朱镕基题字。", "第二段。", "第三段。")
    assert reading.profile == "sc.gov.cn"


def test_the_layout_of_2019_is_read() -> None:
    page = """<title>四川省人民政府网站</title><div id="articlecontent"><h2 class="zfgztit">全省会议<br>在青石召开</h2>
      <ul id="articleattribute"><li>2019年06月01日 10时08分</li><li>来源： </li></ul>
      <div id="cmsArticleContent"><p>正文。</p></div></div>"""
    text = read(page.encode()).text
    assert text is not None
    assert (text.title, text.published) == ("全省会议 在青石召开", "2019-06-01T10:08:00+08:00")
    assert (text.source, text.editor, text.body) == ("", "", ("正文。",))


def test_the_layout_of_the_department_of_education_is_read() -> None:
    page = """<title>四川省教育厅</title><div class="detail"><h1>中小学开学</h1><div class="xgxx">
      <span>2021-09-01 08:30</span> <span>来源：办公室</span><span>编辑：苏可明</span></div>
      <div class="content"><div class="cont"><p>开学了。</p></div></div></div>"""
    text = read(page.encode(), url="http://edu.sc.gov.cn/x.shtml").text
    assert text is not None
    assert (text.title, text.published) == ("中小学开学", "2021-09-01T08:30:00+08:00")
    assert (text.source, text.editor, text.body) == ("办公室", "苏可明", ("开学了。",))


GENERIC_PAGE = """<html><head><title>某县召开会议_某县人民政府</title>
 <meta name="pubdate" content=""><meta name="PubDate" content="2024-05-01 10∶08">
 <base href="http://b.cn/f/"></head><body><ul><li>首页</li></ul>{head}
 <div class="box"><p>会议在青石镇召开，研究部署了校车安全工作，听取了汇报。</p>
 <p>会议强调，要抓好落实，确保安全；任何人不得例外。</p>
 <a href="a.html"></a><a href="a.pdf"></a> <a href="http://[bad.doc" title="坏">坏</a></div>
 <p>主办单位：某县人民政府</p></body></html>"""


def test_an_unknown_layout_is_read_by_labels_and_density() -> None:
    head = "<h3>某县召开会议</h3><p>发布时间：2024年5月2日　来源：县政府办　责任编辑：苏可明　点击数：7</p>"
    reading = read(GENERIC_PAGE.format(head=head).encode(), url="http://a.cn/1.html")
    text = reading.text
    assert text is not None
    assert reading.profile == GENERIC
    assert (text.title, text.published) == ("某县召开会议", "2024-05-02")
    assert (text.source, text.editor) == ("县政府办", "苏可明")
    assert text.body is not None
    assert len(text.body) == 3
    assert text.attachments == (Attachment("a.pdf", "http://b.cn/f/a.pdf"), Attachment("坏", "http://[bad.doc"))


def test_a_base_that_is_no_address_is_not_the_base_of_links() -> None:
    page = GENERIC_PAGE.replace("http://b.cn/f/", "http://[").format(head="")
    text = read(page.encode(), url="http://a.cn/1.html").text
    assert text is not None
    assert text.attachments is not None
    assert text.attachments[0] == Attachment("a.pdf", "http://a.cn/a.pdf")


def test_meta_tags_and_the_address_stand_in_for_what_is_not_displayed() -> None:
    page = GENERIC_PAGE.format(head="").encode()
    text, filed = read(page, url="http://a.cn/1.html").text, read(page, url="http://a.cn/202404/t20240430_1.html").text
    assert text is not None
    assert filed is not None
    assert (text.title, text.published, text.source) == ("某县召开会议", "2024-05-01T10:08:00+08:00", "")
    assert filed.published == "2024-04-30"


def test_a_page_without_an_article_is_read_whole_less_its_footer() -> None:
    page = "<body><ul><li>通知一</li><li>通知二</li></ul><p>主办单位：甲</p><p>微信</p></body>"
    text = read(page.encode(), url="http://a.cn/list/").text
    assert text is not None
    assert text.body == ("通知一", "通知二")


def test_the_markup_is_known_on_any_host_by_its_marker() -> None:
    assert read(article.article_html(), url="http://127.0.0.1:8000/a.html").profile == "sc.gov.cn"


def test_a_rule_never_takes_a_sentence_out_of_an_article() -> None:
    paragraphs = ("打印机、扫一扫、微信客户端都能用。", "来源：本次调查有三处。", "主办单位：县教育局", "微信")
    text = read(article.article_html(paragraphs=paragraphs)).text
    assert text is not None
    assert text.body == paragraphs


def test_another_editor_named_in_the_article_is_not_hidden() -> None:
    one, two = (read(article.article_html(paragraphs=(*article.PARAGRAPHS, f"编辑：{name}"))) for name in ("甲", "乙"))
    assert not same(one, two)
    assert same(read(article.article_html(paragraphs=(*article.PARAGRAPHS, f"编辑：{article.EDITOR}"))), read(PAGE))


def test_the_rules_id_is_of_the_page_and_not_of_the_capture() -> None:
    def rules_id(url: str, pinned: str = "", rules: tuple[Rule, ...] = LIBRARY.rules) -> str:
        return page_reader(url, pinned, LIBRARY.profiles, rules).rules_id

    assert rules_id(URL) == rules_id("https://www.sc.gov.cn/other")
    assert read(b"").rules_id == read(article.article_html()).rules_id == rules_id(URL)
    assert len({rules_id(URL), rules_id(URL, GENERIC), rules_id("http://a.cn/"), rules_id(URL, rules=())}) >= 3
    edited = (replace(LIBRARY.rules[0], why="another"), *LIBRARY.rules[1:])
    assert rules_id(URL, rules=edited) != rules_id(URL)


def test_a_pinned_profile_is_the_only_one_tried() -> None:
    pinned = read(article.article_html(), profile=GENERIC)
    assert pinned.profile == GENERIC
    assert read(GENERIC_PAGE.format(head="").encode(), profile="sc.gov.cn").quality.kind is QualityKind.SUSPECT
    with pytest.raises(RuleError, match=r"there is no profile of this name; there are: .*generic"):
        read(b"", profile="absent")


def test_another_layout_on_the_host_of_a_profile_is_suspect() -> None:
    reading = read(GENERIC_PAGE.format(head="").encode())
    assert reading.quality.kind is QualityKind.SUSPECT
    assert "sc.gov.cn found no article" in reading.quality.reason


def test_a_page_of_another_known_family_on_the_host_of_a_profile_is_good() -> None:
    text = "".join(f"<p>{part}</p>" for part in ("会议在青石镇召开，部署工作。", "会议强调，要抓好落实。"))
    reading = read(f"<h1>会议召开</h1><p>2024-05-01 来源：县教育局</p><ucapcontent>{text}</ucapcontent>".encode())
    assert (reading.quality.kind, reading.profile) == (QualityKind.OK, "ucap")


def test_a_page_of_a_profile_without_a_title_is_suspect() -> None:
    reading = read("<div id='cmsArticleContent'><p>只有正文。</p></div>".encode())
    assert (reading.quality.kind, reading.quality.reason) == (QualityKind.SUSPECT, "the page shows no title")
    assert reading.text is not None


def test_without_profiles_nothing_is_read() -> None:
    assert page_reader("http://[", "", (), ()).read(capture(b"<p>x")).quality.kind is QualityKind.SUSPECT


def test_a_body_that_the_rules_take_whole_is_suspect() -> None:
    everything = (Rule("all", "why", ".+"),)
    only_body = (Profile("p", hosts=("a.cn",), fields=(("body", ("//p",)),)),)
    reading = page_reader("http://a.cn/", "", only_body, everything).read(capture("<p>文</p>".encode()))
    assert (reading.quality.kind, reading.text) == (QualityKind.SUSPECT, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0\0",
        b"<div>" * 100_000 + "文".encode(),
        b"<p>" + b"x" * 5_000_000,
        ("<p>来源：" + "来 源 ：" * 50_000).encode(),
        b"<meta " * 50_000,
        ("2024-" * 100_000).encode(),
        b"&#xD800;&#0;&#x110000;<p>\xed\xa0\x80</p>",
        b"\xff\xfe\x00\xd8",
        b"<?xml version='1.0' encoding='utf-16'?><p>x</p>",
        ("<table><tr><td>" * 3000 + "文").encode(),
        b"<a href='" + b"x" * 100_000 + b".pdf'>",
    ],
    ids=range(12),
)
@pytest.mark.parametrize("media", ["html", "text"])
def test_nonsense_ends_as_a_reading(body: bytes, media: Literal["html", "text"]) -> None:
    began = datetime.now(UTC)
    reading = read(body, media)
    assert (datetime.now(UTC) - began).total_seconds() < 5
    assert reading.rules_id
    if reading.text is not None:
        fingerprint(reading.text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7000), st.binary(max_size=40), st.sampled_from(["html", "text"]))
def test_a_damaged_page_never_raises(at: int, junk: bytes, media: Literal["html", "text"]) -> None:
    page = article.article_html() if media == "html" else article.article_text()
    read(page[:at] + junk + page[at + len(junk) :], media)
    read(page[:at] + junk, media)


def test_rules_are_hashed_by_names_and_values_so_a_newer_library_of_values_reads_no_history_again() -> None:
    assert repr(Example(("甲",), ())) == "Example(before=('甲',), after=())"

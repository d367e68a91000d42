"""Claims about stencils: noise that stands where nothing is read is a hole, and nothing else ever is."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pages.edits import Shown, edits
from pages.test_mutations import own_pages

from config.shipped import load_library
from core.learning import MOST_HOLES, learn
from core.model import Capture, Reading
from core.profile import Rule
from core.read import PageReader, page_reader
from core.stencil import MOST_BODY_BYTES, Hole, Stencil, whole
from govwatch.demo.article import PARAGRAPHS, article_html

LIBRARY = load_library()
NOW = datetime(2024, 7, 14, tzinfo=UTC)
URL = "https://www.example.gov.cn/1.html"
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def reader(rules: Sequence[Rule] = LIBRARY.rules) -> PageReader:
    return page_reader(URL, "", LIBRARY.profiles, rules)


def capture(body: bytes | str) -> Capture:
    return Capture(URL, URL, 200, (), body if isinstance(body, bytes) else body.encode(), NOW, NOW)


def page(noise: str, body: str = BODY, title: str = "校车安全会议", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><div id='zoom'>{body}</div>{noise}</body></html>"


def read(got: Capture, by: PageReader | None = None) -> Reading:
    return (by or reader()).read(got)


def learned(
    before: bytes | str, after: bytes | str, known: Sequence[Hole] = (), by: PageReader | None = None
) -> Stencil | None:
    got = capture(after)
    return learn(capture(before).body, got, by or reader(), read(got, by), known)


def test_counters_and_tokens_of_our_own_page_are_holes() -> None:
    served = article_html(noise=100_001)
    visits, token = b"%d" % (1000 + 7 * 100_001), b"%016x" % (100_002 * 2654435761 % 2**64)
    assert min(served.count(visits), served.count(token)) >= 2
    other, third = (
        served.replace(visits, b"%d" % count).replace(token, b"%016x" % (2**64 - count)) for count in (701_008, 999_999)
    )
    stencil = learned(served, other)
    assert stencil is not None
    assert [stencil.fits(capture(body)) for body in (served, other, third)] == [True, True, True]
    assert read(capture(served)) == read(capture(other)) == read(capture(third))


@pytest.mark.parametrize(
    "noise",
    [
        "<p>浏览次数：{}</p>",
        "<p>浏览次数：<span id='hits'>{}</span>次</p>",
        "<p><b>点击量：</b>{}</p>",
        "<p>本页已被访问 {} 次</p>",
        "<script>var at = {};</script>",
        "<!-- {} -->",
        "<style>.a{{width:{}}}</style>",
        "<form><input type='hidden' name='t' value='{}'></form>",
        "<script src='/a.js?v={}'></script>",
        "<meta name='csrf-token' content='{}'>",
    ],
)
def test_a_number_is_a_hole_where_nothing_is_read(noise: str) -> None:
    stencil = learned(page(noise.format(1234)), page(noise.format(1235)))
    assert stencil is not None
    assert [stencil.fits(capture(page(noise.format(number)))) for number in (7, 2024, 12345, "0" * 20)] == [True] * 4
    assert not any(stencil.fits(capture(page(noise.format(other)))) for other in ("", "0" * 21, "12a5", "1 5", "１"))


@pytest.mark.parametrize(
    "noise",
    [
        "<p>值班电话 {}</p>",
        "<p>今天是 {}-05-01</p>",
        "<p>浏览次数：{}-05-01</p>",
        "<p>浏览次数：一</p><p>{}</p>",
        "<p class='{}'>浏览</p>",
        "<h{}>浏览</h{}>",
        "<a href='/{}.docx'>附件</a>",
        "<script src='/{}.js?v=1'></script>",
        "<meta name='PubDate' content='{}-05-01'>",
        "<p>浏览&#{};</p>",
        "<p id=x{} title='浏览'>次</p>",
        "<p data-n='{}'>次</p>",
        "<p data-{}='n'>次</p>",
        "<x-{}>次</x-{}>",
        "<script>charset={}</script>",
    ],
)
def test_a_number_is_no_hole_where_something_might_be_read(noise: str) -> None:
    assert learned(page(noise.format(1234, 1234)), page(noise.format(1235, 1235))) is None


@pytest.mark.parametrize("title", ["2024年校车安全会议", "校车安全会议浏览", "第２０号"])
def test_a_counter_is_no_hole_where_a_hidden_title_could_be_like_it(title: str) -> None:
    counter, script = "<p>浏览次数：{}</p>", "<script>{}</script>"
    meta = f"<meta name='ArticleTitle' content='{title}'>"
    for shown in ({"title": title}, {"head": meta}):
        assert learned(page(counter.format(1234), **shown), page(counter.format(1235), **shown)) is None
        assert learned(page(script.format(1234), **shown), page(script.format(1235), **shown)) is not None


def test_a_counter_is_a_hole_beside_any_title_where_title_and_body_are_found_by_their_markup() -> None:
    served = article_html("2024年校车安全会议", noise=100_001)
    visits = b"%d" % (1000 + 7 * 100_001)
    assert learned(served, served.replace(visits, b"701009")) is not None


def test_a_counter_in_the_title_of_the_window_is_no_hole_and_one_of_a_page_without_a_title_is() -> None:
    counter = "<p>浏览次数：{}</p>"
    assert learned(page("", title="会议 浏览次数：1234"), page("", title="会议 浏览次数：1235")) is None
    assert learned(page(counter.format(1234), title=""), page(counter.format(1235), title="")) is not None


def test_what_the_article_itself_shows_is_no_hole_though_it_looks_like_a_counter() -> None:
    text = "<p>据统计,平台总访问量：{} 次,比上年同期增加。</p>"
    assert learned(page("", BODY + text.format(1234)), page("", BODY + text.format(1235))) is None


def test_a_counter_that_a_rule_reads_is_no_hole() -> None:
    picky = reader((*LIBRARY.rules, Rule("picky", "why", r"浏览次数:1\d{3}")))
    noise = "<div id='zoom'>" + BODY + "<p>浏览次数：{}</p></div>"
    assert learned(page("", noise.format(1234)), page("", noise.format(1235)), by=picky) is None


def test_a_counter_of_which_a_rule_tells_how_much_it_took_is_no_hole() -> None:
    noise = "<div id='zoom'>" + BODY + "<p>浏览次数：{}</p></div>"
    assert read(capture(page("", noise.format(1234)))).removed
    assert learned(page("", noise.format(1234)), page("", noise.format(1235))) is None


def test_hexadecimal_tokens_are_holes_and_words_of_such_letters_are_none() -> None:
    script = "<script>var t='{}';</script>"
    stencil = learned(page(script.format("0a1b2c3d4e")), page(script.format("ffffffff00")))
    assert stencil is not None
    assert stencil.fits(capture(page(script.format("deadbeef99"))))
    assert not stencil.fits(capture(page(script.format("DEADBEEF99"))))
    assert learned(page(script.format("dead")), page(script.format("beef"))) is None
    assert learned(page(script.format("0A1B2C3D")), page(script.format("1A1B2C3D"))) is not None
    assert learned(page(script.format("a" * 70)), page(script.format("b" * 70))) is None


def test_a_number_that_gained_a_digit_is_a_hole_and_what_differs_in_more_than_numbers_is_not() -> None:
    script = "<script>{}</script>"
    grown = learned(page(script.format("a=999;b=99")), page(script.format("a=1000;b=101")))
    assert grown is not None
    assert grown.fits(capture(page(script.format("a=7;b=12345"))))
    assert not grown.fits(capture(page(script.format("a=7;c=12345"))))
    assert learned(page(script.format("12")), page(script.format("12 "))) is None
    assert learned(page(script.format("a12")), page(script.format("a13"))) is None
    assert learned(page(script.format("甲")), page(script.format("乙"))) is None
    assert learned(page(script.format(1)), page(script.format(1))) is None
    assert learned(page(script.format("9;" * 2 * MOST_HOLES)), page(script.format("8;" * 2 * MOST_HOLES))) is None
    assert learned(page(script.format("9;" * 3000)), page(script.format("8;" * 3000))) is None


def test_thin_and_broken_pages_have_no_stencil() -> None:
    script = "<script>{}</script>"
    assert learned(page(script.format(1), "<p>短文</p>"), page(script.format(2), "<p>短文</p>")) is None
    broken = [
        page("").encode().replace(b"</body>", b"\xff\xfe<script>%d</script></body>" % number) for number in (1, 2)
    ]
    assert learned(*broken) is None


def test_halves_of_chinese_characters_are_no_holes() -> None:
    one, other = (page(f"<!--丂{n}-->{n}").encode("gb18030") for n in ("", ""))
    shift = [one.replace(b"-->", octets + b"-->") for octets in (b"\x81\x30\x81\x30", b"\x81\x30\x81\x31")]
    assert learned(*shift) is None
    assert one == other


def test_in_gb18030_a_counter_behind_its_label_is_a_hole() -> None:
    one, other = (page(f"<p>浏览次数：{number}</p>").encode("gb18030") for number in (1234, 1235))
    assert learned(one, other) is not None


def test_holes_that_are_known_stay_holes() -> None:
    noise = "<script>{}</script><p>浏览次数：{}</p>"
    first = learned(page(noise.format(11, 22)), page(noise.format(12, 22)))
    assert first is not None
    both = learned(page(noise.format(12, 22)), page(noise.format(12, 23)), first.holes)
    assert both is not None
    assert len(both.holes) == 2
    assert both.fits(capture(page(noise.format(98, 7654))))


def test_a_hole_that_held_letters_may_hold_them_again() -> None:
    noise = "<script>{};{}</script>"
    first = learned(page(noise.format("0a1b2c3d", 1)), page(noise.format("4e5f6a7b", 1)))
    assert first is not None
    both = learned(page(noise.format("12345678", 1)), page(noise.format("87654321", 2)), first.holes)
    assert both is not None
    assert both.fits(capture(page(noise.format("4e5f6a7b", 3))))


def test_numbers_do_not_move_from_one_hole_to_another_place() -> None:
    noise = "<script>{}</script>"
    stencil = learned(page(noise.format("a=1;b=2")), page(noise.format("a=3;b=4")))
    assert stencil is not None
    assert stencil.fits(capture(page(noise.format("a=12;b=34"))))
    for other in ("a=1;2b=34", "a=1;b=2;", "a=1b=2", "a=;b=34", ";a=1;b=2", "a=1;b=2;3"):
        assert not stencil.fits(capture(page(noise.format(other))))


def test_a_page_grown_too_large_to_be_read_as_before_does_not_fit() -> None:
    noise = "<script>{}</script>"
    stencil = learned(page(noise.format(1)), page(noise.format(2)))
    large = capture(page(noise.format(1)).encode() + b" " * MOST_BODY_BYTES)
    assert stencil is not None
    assert not stencil.fits(large)
    assert learned(large.body, large.body.replace(b"<script>1", b"<script>2")) is None


def test_no_number_of_our_own_page_is_a_hole_where_it_is_read() -> None:
    served = article_html("关于印发2024年方案的通知", noise=1001, attachments=(("附件1", "/files/1.docx"),))
    reading, places = read(capture(served)), 0
    for run in re.finditer(rb"(?<!\w)[0-9]{1,20}(?!\w)", served):
        before, after = served[: run.start()], served[run.end() :]
        stencil = learned(before + bytes([run[0][0] ^ 1]) + run[0][1:] + after, served)
        for number in (b"7", b"2023", b"20230522", b"1234567890123") if stencil else ():
            later, places = capture(before + number + after), places + 1
            assert stencil is None or stencil.fits(later)
            assert read(later) == reading
    assert places > 4 * 10


@pytest.mark.parametrize(
    "other",
    [
        {"url": "https://www.example.gov.cn/2.html"},
        {"final_url": "https://www.example.gov.cn/2.html"},
        {"status": 203},
        {"media": "text"},
        {"defect": "gzip body ends early"},
        {"headers": (("Content-Type", "text/html; charset=gbk"),)},
    ],
)
def test_all_else_that_a_reading_depends_on_must_be_the_same(other: dict[str, object]) -> None:
    noise = "<script>{}</script>"
    stencil = learned(page(noise.format(1)), page(noise.format(2)))
    got = capture(page(noise.format(3)))
    assert stencil is not None
    assert stencil.fits(replace(got, headers=(("Date", "today"),)))
    assert not stencil.fits(replace(got, **other))  # type: ignore[arg-type]


def test_a_stencil_without_holes_is_fitted_by_the_same_bytes_alone() -> None:
    from hashlib import sha256

    got = capture(page(""))
    head = whole(replace(got, body=b""), sha256(got.body).digest())
    assert head.fits(got)
    assert not head.fits(capture(page(" ")))
    assert not head.fits(replace(got, body=got.body.replace(b"p", b"q")))


def test_no_edit_of_a_field_fits_what_was_learned_of_noise() -> None:
    shown: Shown
    for shown in own_pages():
        got = Capture(shown.url, shown.url, 200, (), shown.page, NOW, NOW)
        by = page_reader(shown.url, "", LIBRARY.profiles, LIBRARY.rules)
        reading = by.read(got)
        all_edits = edits(shown, Random(7))
        for noise in (edit for edit in all_edits if not edit.field):
            after = replace(got, body=noise.page)
            if (stencil := learn(got.body, after, by, by.read(after))) is not None:
                told = [edit for edit in all_edits if stencil.fits(replace(got, body=edit.page))]
                assert {by.read(replace(got, body=edit.page)).text for edit in told} <= {reading.text}
                assert not any(edit.field for edit in told)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["浏览次数：{}", "2023-11-{}", "发布时间：{}-05-01", "第{}号公告", "来源：{}", "{}"]),
        max_size=4,
    ),
    st.sampled_from(["关于印发{}年方案的通知", "公告{}", "{}-11-02"]),
    st.sampled_from(["<script>{}</script>", "<p>浏览次数：{}</p>", "<!-- {} -->", "<p>{}</p>", "<h1>公告{}</h1>"]),
    st.lists(
        st.sampled_from(["2023", "2024", "0501", "1234", "0404", "7", "99999", "20240501"]), min_size=9, max_size=9
    ),
)
def test_what_fits_is_read_as_the_stencil_says(lines: list[str], title: str, noise: str, numbers: list[str]) -> None:
    shown = "".join(f"<div>{line.format(number)}</div>" for line, number in zip(lines, numbers, strict=False))
    before, after, later = (
        page(noise.format(number), shown + BODY, title.format(numbers[4])) for number in numbers[5:8]
    )
    if (stencil := learned(before, after)) is not None and stencil.fits(capture(later)):
        assert read(capture(later)) == read(capture(after))

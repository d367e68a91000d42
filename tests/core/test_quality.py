"""Claims about the quality of captures: each signal, and a look-alike that stays ok."""

from datetime import UTC, datetime

import pytest
from fakes.quality_pages import JSL, NOT_THE_PAGE, RUISHU, THE_PAGE, framed, page
from fakes.quality_pages import article as written
from msgspec.structs import replace

from config.shipped import load_library
from core.model import Capture, Quality, QualityKind
from core.quality import Shown, cut_short, find_signal, is_thin
from core.read import page_reader
from core.signals import SIGNALS, Signal
from govwatch.demo import article

LIBRARY = load_library()
URL = "http://www.example.gov.cn/a/1.html"
NOW = datetime(2024, 7, 14, tzinfo=UTC)
GOOD = Capture(URL, URL, 200, (), article.article_html(), NOW, NOW)


def judge(capture: Capture) -> Quality:
    return page_reader(capture.url, "", LIBRARY.profiles, LIBRARY.rules).read(capture).quality


def of(body: bytes, status: int = 200, final_url: str = URL, defect: str = "") -> QualityKind:
    quality = judge(replace(GOOD, body=body, status=status, final_url=final_url, defect=defect))
    assert bool(quality.reason) is (quality.kind is not QualityKind.OK)
    return quality.kind


@pytest.mark.parametrize(("body", "kind", "words"), NOT_THE_PAGE.values(), ids=NOT_THE_PAGE)
def test_what_is_not_the_page_is_named(body: str, kind: QualityKind, words: str) -> None:
    quality = judge(replace(GOOD, body=body.encode()))
    assert (quality.kind, words in quality.reason) == (kind, True), quality


@pytest.mark.parametrize("body", THE_PAGE.values(), ids=THE_PAGE)
def test_what_only_looks_like_it_stays_ok(body: str) -> None:
    assert judge(replace(GOOD, body=body.encode())) == Quality(QualityKind.OK)


@pytest.mark.parametrize("status", [401, 403, 405, 412, 429, 521])
def test_a_refusal_without_a_known_marker_is_blocked(status: int) -> None:
    assert of(b"", status) is QualityKind.BLOCKED


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, QualityKind.GONE),
        (410, QualityKind.GONE),
        (400, QualityKind.ERROR_PAGE),
        (500, QualityKind.ERROR_PAGE),
        (503, QualityKind.ERROR_PAGE),
        (302, QualityKind.ERROR_PAGE),
        (206, QualityKind.PARTIAL),
    ],
)
def test_a_status_speaks_for_itself(status: int, kind: QualityKind) -> None:
    assert of(article.article_html(), status) is kind


def test_a_damaged_body_is_partial_whatever_the_status() -> None:
    assert of(article.article_html(), defect="half a gzip body") is QualityKind.PARTIAL
    assert of(b"", 404, defect="half a gzip body") is QualityKind.PARTIAL


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"<html><head></head><body></body></html>", b"<!-- x -->", b"\0"])
def test_an_answer_with_nothing_to_read_is_never_ok(body: bytes) -> None:
    assert of(body) in (QualityKind.PARTIAL, QualityKind.SUSPECT)


@pytest.mark.parametrize(
    ("final_url", "kind"),
    [
        ("https://www.example.gov.cn/a/1.html", QualityKind.OK),
        ("http://example.gov.cn/a/1.html", QualityKind.OK),
        ("http://www.example.gov.cn/a/1.html?from=x", QualityKind.OK),
        ("", QualityKind.OK),
        ("http://www.example.gov.cn/", QualityKind.MOVED),
        ("http://www.example.gov.cn/index.html", QualityKind.MOVED),
        ("http://www.example.gov.cn/a/2.html", QualityKind.MOVED),
        ("http://m.example.gov.cn/a/1.html", QualityKind.MOVED),
        ("http://[", QualityKind.MOVED),
        ("http://www.example.gov.cn/login.jsp", QualityKind.BLOCKED),
        ("http://passport.example.gov.cn/a", QualityKind.BLOCKED),
        ("http://www.example.gov.cn/waf_verify.htm", QualityKind.BLOCKED),
        ("http://www.example.gov.cn/login-reform/2.html", QualityKind.MOVED),
        ("http://www.example.gov.cn/404.html", QualityKind.GONE),
        ("http://www.example.gov.cn/public/notfound.jsp", QualityKind.GONE),
        ("http://www.example.gov.cn/error.html", QualityKind.ERROR_PAGE),
        ("http://www.example.gov.cn/weihu.html", QualityKind.ERROR_PAGE),
        ("http://www.example.gov.cn/a/404-rectified.html", QualityKind.MOVED),
    ],
)
def test_another_address_is_a_move_and_another_spelling_is_not(final_url: str, kind: QualityKind) -> None:
    assert of(article.article_html(), final_url=final_url) is kind


def test_a_folder_and_its_index_are_one_page() -> None:
    folder = replace(GOOD, url="http://a.gov.cn/x/", final_url="https://www.a.gov.cn/x/index.html")
    assert judge(folder).kind is QualityKind.OK


def test_bytes_lost_inside_the_article_make_it_partial_and_outside_do_not() -> None:
    page = article.article_html()
    inside = page.replace("线路优化".encode(), b"\xff\xfe\xff", 1)
    outside = page.replace(b"<title>", b"<title>\xff", 1)
    assert of(inside) is QualityKind.PARTIAL
    assert of(page.replace("线路优化".encode(), "\ufffd".encode())) is QualityKind.OK
    assert of(outside) is QualityKind.OK


@pytest.mark.parametrize(
    ("asked", "answered", "kind"),
    [
        ("/show.jsp?id=1", "/show.jsp?id=1&from=x", QualityKind.OK),
        ("/show.jsp?from=x&newsId=1", "/show.jsp?newsid=1", QualityKind.OK),
        ("/show.jsp?sessionid=1&sid=2", "/show.jsp", QualityKind.OK),
        ("/show.jsp?id=1", "/show.jsp?id=2", QualityKind.MOVED),
        ("/show.jsp?newsId=1", "/show.jsp", QualityKind.MOVED),
        ("/?p=12", "/", QualityKind.MOVED),
    ],
)
def test_the_number_of_an_article_in_the_query_is_part_of_its_address(
    asked: str, answered: str, kind: QualityKind
) -> None:
    site = "http://www.example.gov.cn"
    assert judge(replace(GOOD, url=site + asked, final_url=site + answered)).kind is kind


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: f"{signal.kind}-{signal.reason[:30]}")
def test_every_signal_is_seen_on_a_page_and_says_what_it_saw(signal: Signal) -> None:
    judged = [judge(replace(GOOD, body=body.encode())) for body, _, _ in NOT_THE_PAGE.values()]
    assert Quality(signal.kind, signal.reason) in judged


@pytest.mark.parametrize("status", [404, 410])
def test_a_challenge_under_status_404_is_blocked_and_an_error_page_is_not(status: int) -> None:
    assert of(JSL.encode(), status) is QualityKind.BLOCKED
    for body in (framed("<h1>404</h1>", head=RUISHU), page("<p>系统繁忙</p>"), article.article_html().decode(), ""):
        assert of(body.encode(), status) is QualityKind.GONE


def test_a_refusal_is_named_by_what_its_page_says() -> None:
    def reason(body: str, status: int) -> str:
        return judge(replace(GOOD, body=body.encode(), status=status)).reason

    assert reason(page("<h1>您的请求被拦截</h1>"), 403) == "status 403: a notice of a web firewall instead of the page"
    assert reason(page("<h1>系统维护中</h1>"), 503) == "status 503: a notice of maintenance instead of the page"
    assert reason(page("", "Just a moment..."), 503).startswith("status 503: a notice of a web firewall")
    assert reason(page("<h1>404</h1>"), 500) == "status 500"
    assert reason(page("<h1>网站维护中</h1>"), 403) == "status 403: the server refused the fetch"


def test_cloudflare_says_in_a_header_that_it_is_a_challenge() -> None:
    for status in (200, 403):
        quality = judge(replace(GOOD, status=status, headers=(("Cf-Mitigated", "challenge"),)))
        assert (quality.kind, "Cloudflare" in quality.reason) == (QualityKind.BLOCKED, True)
    assert judge(replace(GOOD, headers=(("Server", "cloudflare"),))).kind is QualityKind.OK


@pytest.mark.parametrize("body", [b"%PDF-1.4 x", b"PK\x03\x04 x", b"\xd0\xcf\x11\xe0 x", b"\x89PNG x", b"GIF89a x"])
def test_a_file_is_not_a_page(body: bytes) -> None:
    quality = judge(replace(GOOD, body=body))
    assert (quality.kind, "not a page" in quality.reason) == (QualityKind.SUSPECT, True)


HOME = framed("<p>今天，云岭县召开会议，部署了工作；会后，代表们考察了青石镇。</p>" * 9, "云岭县人民政府门户网站")
NAMED = HOME.replace("云岭县人民政府门户网站", "美丽云岭").replace(
    "<head>", "<head><meta name=SiteName content='美丽云岭'>"
)


@pytest.mark.parametrize("body", [HOME, NAMED])
def test_the_home_page_under_the_address_of_an_article_is_suspect(body: str) -> None:
    for address in ("/art/2024/5/6/art_12_345.html", "/zwgk/202405/t20240506_1.html", "/c/2024/content_51234.shtml"):
        quality = judge(replace(GOOD, url="http://a.gov.cn" + address, final_url="", body=body.encode()))
        assert (quality.kind, "name of the site" in quality.reason) == (QualityKind.SUSPECT, True)
    for address in ("/", "/zwgk/", "/zwgk/index.html", "/about.html"):
        quality = judge(replace(GOOD, url="http://a.gov.cn" + address, final_url="", body=body.encode()))
        assert quality.kind is QualityKind.OK


def test_an_article_whose_headline_is_like_a_site_s_name_stays_ok() -> None:
    url = "http://a.gov.cn/zwgk/202405/t20240506_1.html"
    for body in (written("云岭县人民政府", "县政府内设八个科室。"), HOME.replace("<title>", "<title>会议召开_", 1)):
        assert judge(replace(GOOD, url=url, final_url=url, body=body.encode())).kind is QualityKind.OK


def test_a_garbled_text_is_suspect_and_a_text_about_it_is_not() -> None:
    assert "garbled" in judge(replace(GOOD, body=page("<p>锟斤拷锟斤拷锟斤拷锟斤拷，通知。</p>").encode())).reason
    double = "关于放假的通知".encode().decode("latin-1")
    assert "garbled" in judge(replace(GOOD, body=page(f"<p>{double}</p>").encode())).reason
    assert (
        of(written("何为乱码", "“锟斤拷”是乱码的一种，由两次误读编码造成，常见于旧网站。").encode()) is QualityKind.OK
    )


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("<html><body><div><p>a</p><p cla", "inside a tag"),
        ("<html><body><p>1 < 2", ""),
        ("<html><body><p>a</p><", ""),
        ("<html><body><p>a</p></", "inside a tag"),
        ("<html><style>p{", "in a style"),
        ("<html><script>a</script><script>b", "in a script"),
        ("<html><body><!-- a --><!-- b", "in a comment"),
        ("<html><body><div>text", "with 1 open elements"),
        ("<html><body><div></p>", ""),
        ("<html><body><div><ul><li>a</li>", "with 2 open elements"),
        ("<html><body><div>text</div>", ""),
        ("<body><div><div><p cla</body>", ""),
        ("<html><div><p cla</HTML>" + " " * 3000, ""),
        ("<div><div><p cla", ""),
    ],
)
def test_a_page_is_cut_short_where_something_is_open_at_its_end(source: str, place: str) -> None:
    assert cut_short(source) == place


def test_most_cuts_through_an_article_are_told() -> None:
    whole = article.article_html().decode()
    places = range(400, whole.index("</body>"), 37)
    told = [bool(cut_short(whole[:at])) for at in places]
    assert sum(told) / len(told) > 0.9
    assert not cut_short(whole)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("您访问的页面不存在\n返回首页", QualityKind.GONE),
        ("网站正在维护中，请稍后访问", QualityKind.ERROR_PAGE),
        ("端午节放假三天。", QualityKind.OK),
    ],
)
def test_a_page_saved_as_text_is_judged_too(body: str, kind: QualityKind) -> None:
    assert judge(replace(GOOD, body=body.encode(), media="text")).kind is kind


def test_a_text_is_thin_by_its_words() -> None:
    assert is_thin(["word " * 199])
    assert is_thin(["字" * 199])
    assert not is_thin(["字" * 200])
    assert not is_thin(["word " * 200])
    assert not is_thin(["x" * 3000])
    assert find_signal(Shown("")) is None


@pytest.mark.parametrize("target", ["http://[", "", "/a/1.html"])
def test_a_stub_that_leads_nowhere_else_is_only_suspect(target: str) -> None:
    assert of(page(head=f"<meta http-equiv=refresh content='0;url={target}'>").encode()) is QualityKind.SUSPECT


def test_a_long_script_or_an_unknown_address_is_no_stub() -> None:
    stub = page("<script>location.href='/b/2.html'</script>" + "<!-- x -->" * 600)
    assert of(stub.encode()) is QualityKind.SUSPECT
    short = page("<script>location.href='/b/2.html'</script>")
    assert judge(replace(GOOD, url="", final_url="", body=short.encode())).kind is QualityKind.SUSPECT

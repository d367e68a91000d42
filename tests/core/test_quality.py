"""Claims about the quality of captures: each signal, and a look-alike that stays ok."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from config.shipped import load_library
from core.model import Capture, Quality, QualityKind
from core.read import page_reader
from govwatch.demo import article

LIBRARY = load_library()
URL = "http://www.example.gov.cn/a/1.html"
NOW = datetime(2024, 7, 14, tzinfo=UTC)
GOOD = Capture(URL, URL, 200, (), article.article_html(), NOW, NOW)
JSL = b"<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname</script>"
RUISHU = b"<html><head><meta id='x'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head><body></body>"
WZWS = "<html><body><noscript><h1>请开启JavaScript并刷新该页.</h1></noscript><script>eval(1)</script></body>".encode()
ALIYUN = b"<html><script>var arg1='1A'; document.cookie='acw_sc__v2='+arg1;</script></html>"
CLOUDFLARE = b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
FIREWALL = "<html><body><h1>您的请求被拦截</h1><p>网站防火墙</p></body>".encode()


def judge(capture: Capture) -> Quality:
    return page_reader(capture.url, "", LIBRARY.profiles, LIBRARY.rules).read(capture).quality


def of(body: bytes, status: int = 200, final_url: str = URL, defect: str = "") -> QualityKind:
    quality = judge(replace(GOOD, body=body, status=status, final_url=final_url, defect=defect))
    assert bool(quality.reason) is (quality.kind is not QualityKind.OK)
    return quality.kind


@pytest.mark.parametrize("status", [200, 521, 412, 403])
@pytest.mark.parametrize("body", [JSL, RUISHU, WZWS, ALIYUN, CLOUDFLARE, FIREWALL])
def test_a_challenge_is_blocked_under_any_status(body: bytes, status: int) -> None:
    quality = judge(replace(GOOD, body=body, status=status))
    assert quality.kind is QualityKind.BLOCKED
    assert "instead of the page" in quality.reason


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
    ],
)
def test_another_address_is_a_move_and_another_spelling_is_not(final_url: str, kind: QualityKind) -> None:
    assert of(article.article_html(), final_url=final_url) is kind


def test_a_folder_and_its_index_are_one_page() -> None:
    folder = replace(GOOD, url="http://a.gov.cn/x/", final_url="https://www.a.gov.cn/x/index.html")
    assert judge(folder).kind is QualityKind.OK


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("您访问的页面不存在或已被删除", QualityKind.GONE),
        ("对不起，该文章已删除", QualityKind.GONE),
        ("404 Not Found", QualityKind.GONE),
        ("找不到您要访问的页面", QualityKind.GONE),
        ("网站正在维护，请稍后访问", QualityKind.ERROR_PAGE),
        ("Welcome to nginx!", QualityKind.ERROR_PAGE),
        ("502 Bad Gateway", QualityKind.ERROR_PAGE),
    ],
)
def test_a_notice_under_status_200_is_told_from_the_page(words: str, kind: QualityKind) -> None:
    assert of(f"<html><title>提示</title><body><h1>{words}</h1><p>返回首页</p></body></html>".encode()) is kind


def test_an_article_about_such_things_stays_ok() -> None:
    about = "县政府网站维护升级期间，个别网友反映页面不存在、访问过于频繁等问题，技术人员已逐一解决。" * 6
    assert of(article.article_html(paragraphs=[about])) is QualityKind.OK
    behind = article.article_html().replace(b"<head>", b"<head><script>$_ts=window['$_ts']</script>")
    assert of(behind) is QualityKind.OK


def test_bytes_lost_inside_the_article_make_it_partial_and_outside_do_not() -> None:
    page = article.article_html()
    inside = page.replace("线路优化".encode(), b"\xff\xfe\xff", 1)
    outside = page.replace(b"<title>", b"<title>\xff", 1)
    assert of(inside) is QualityKind.PARTIAL
    assert of(page.replace("线路优化".encode(), "\ufffd".encode())) is QualityKind.OK
    assert of(outside) is QualityKind.OK


def test_a_shell_for_javascript_is_suspect() -> None:
    page = "<body><div id='app'><p>{{ item.title }}，</p><p>{{ item.date }}</p><p>{{ item.source }}</p></div></body>"
    assert of(page.encode()) is QualityKind.SUSPECT

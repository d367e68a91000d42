"""What is made of answers that keep to no standard: as much as can be had, and never more than was said.

The table was drawn up with Twisted's HTTP client and then put to libcurl; where the two differ, a comment says so.
"""

from collections.abc import Iterator

import pytest
from fakes.site import Site
from msgspec.structs import replace

from config.settings import CrawlSettings
from core.model import Capture, FetchFailure, FetchPlan, NotModified, Outcome
from crawler.crawl import fetch_all

SETTINGS = CrawlSettings(
    delay_s=0,
    retries=0,
    timeout_s=2,
    deadline_s=4,
    max_bytes=200_000,
    obey_robots=False,
    allow_networks=("127.0.0.0/8",),
)

OK = b"HTTP/1.1 200 OK\r\n"
TEN = b"0123456789"
LENGTH = b"Content-Length: 10\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def outcomes(site: Site, *plans: FetchPlan) -> list[Outcome]:
    got: list[Outcome] = []
    fetch_all(plans, replace(SETTINGS, concurrency_per_host=1), lambda _, outcome: got.append(outcome))
    return got


def said(outcome: Outcome) -> str:
    """Return an outcome in one line."""
    if isinstance(outcome, NotModified):
        return "not modified"
    if isinstance(outcome, FetchFailure):
        return f"{outcome.kind.value}: {outcome.detail}"
    return f"{outcome.status} {outcome.body!r} {outcome.defect}".rstrip()


CASES: dict[str, tuple[bytes, str]] = {
    # Where the body ends.
    "no length, closed": (OK + b"\r\n" + TEN, "200 b'0123456789'"),
    "HTTP/1.0, no length": (b"HTTP/1.0 200 OK\r\n\r\n" + TEN, "200 b'0123456789'"),
    "length said twice": (OK + LENGTH + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "length twice in a line": (OK + b"Content-Length: 10, 10\r\n\r\n" + TEN, "200 b'0123456789'"),
    "two lengths": (OK + LENGTH + b"Content-Length: 5\r\n\r\n" + TEN, "protocol"),
    "length of letters": (OK + b"Content-Length: ten\r\n\r\n" + TEN, "protocol"),
    "length below nought": (OK + b"Content-Length: -10\r\n\r\n" + TEN, "protocol"),
    "length with plus": (OK + b"Content-Length: +10\r\n\r\n" + TEN, "protocol"),
    "length empty": (OK + b"Content-Length:\r\n\r\n" + TEN, "protocol"),
    "length beyond all": (OK + b"Content-Length: 99999999999999999999999\r\n\r\n" + TEN, "too-large"),
    "length and words": (OK + b"Content-Length: 10 bytes\r\n\r\n" + TEN, "protocol"),
    "more than the length": (OK + LENGTH + b"\r\n" + TEN * 3, "200 b'0123456789'"),
    "less than the length": (
        OK + LENGTH + b"\r\n0123",
        "200 b'0123' body shorter than its Content-Length (have 4 of 10 bytes)",
    ),
    "nothing of the length": (
        OK + LENGTH + b"\r\n",
        "200 b'' body shorter than its Content-Length (have 0 of 10 bytes)",
    ),
    "no length, nothing": (OK + b"\r\n", "200 b''"),
    "length and chunked": (OK + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "200 b'abc'"),
    "204 with a body": (b"HTTP/1.1 204 No\r\n" + LENGTH + b"\r\n" + TEN, "204 b''"),
    "205 with a body": (b"HTTP/1.1 205 No\r\n" + LENGTH + b"\r\n" + TEN, "205 b'0123456789'"),
    # Chunks.
    "chunk extension": (CHUNKED + b"3;a=b\r\nabc\r\n0\r\n\r\n", "200 b'abc'"),
    # Twisted: 200 b'abc'
    "chunk trailers": (
        CHUNKED + b"3\r\nabc\r\n0\r\nX-After: 1\r\nHTTP/1.1 404 No\r\n\r\n",
        "200 b'abc' chunked body ends early (have 3 bytes)",
    ),
    "chunk size in capitals": (CHUNKED + b"A\r\n0123456789\r\n0\r\n\r\n", "200 b'0123456789'"),
    # Twisted: 200 b'' chunked body ends early (have 0 bytes)
    "chunk size padded": (CHUNKED + b"0003  \r\nabc\r\n0\r\n\r\n", "200 b'abc'"),
    "chunk size with 0x": (CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n", "200 b'' chunked body ends early (have 0 bytes)"),
    "chunk size of letters": (
        CHUNKED + b"3\r\nabc\r\nxyz\r\nabc\r\n0\r\n\r\n",
        "200 b'abc' chunked body ends early (have 3 bytes)",
    ),
    # Twisted: 200 b'abc' chunked body ends early (have 3 bytes)
    "chunk size beyond all": (
        CHUNKED + b"FFFFFFFFFFFFFFFFFFFF\r\nabc",
        "200 b'' chunked body ends early (have 0 bytes)",
    ),
    "chunk too long": (CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n", "200 b'abc' chunked body ends early (have 3 bytes)"),
    "no last chunk": (CHUNKED + b"3\r\nabc\r\n", "200 b'abc' chunked body ends early (have 3 bytes)"),
    "cut in a chunk": (CHUNKED + b"3\r\nabc\r\n9\r\nabc", "200 b'abcabc' chunked body ends early (have 6 bytes)"),
    "no end after the last chunk": (
        CHUNKED + b"3\r\nabc\r\n0\r\n",
        "200 b'abc' chunked body ends early (have 3 bytes)",
    ),
    # Twisted: 200 b'' chunked body ends early (have 0 bytes)
    "chunks with bare line feeds": (CHUNKED + b"3\nabc\n0\n\n", "200 b'abc'"),
    "said to be chunked, is not": (CHUNKED + TEN, "200 b'' chunked body ends early (have 0 bytes)"),
    "Chunked in capitals": (OK + b"Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "200 b'abc'"),
    "chunked twice": (
        OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "200 b'abc'",
    ),
    "chunked in HTTP/1.0": (
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "200 b'abc'",
    ),
    # Twisted: protocol
    "transfer encoding identity": (
        OK + b"Transfer-Encoding: identity\r\n" + LENGTH + b"\r\n" + TEN,
        "200 b'0123456789'",
    ),
    "transfer encoding gzip": (OK + b"Transfer-Encoding: gzip\r\n\r\n" + TEN, "protocol"),
    # The status line.
    "no reason": (b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "empty reason": (b"HTTP/1.1 200 \r\n" + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "reason in GBK": ("HTTP/1.1 200 成功\r\n".encode("gbk") + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "small letters": (b"http/1.1 200 OK\r\n" + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "two spaces": (b"HTTP/1.1  200 OK\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    # Twisted: 200 b'0123456789'
    "HTTP/1.2": (b"HTTP/1.2 200 OK\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    "HTTP/2 in plain": (b"HTTP/2 200 OK\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    "status 999": (b"HTTP/1.1 999 No\r\n" + LENGTH + b"\r\n" + TEN, "999 b'0123456789'"),
    "status 600": (b"HTTP/1.1 600 No\r\n" + LENGTH + b"\r\n" + TEN, "600 b'0123456789'"),
    # Twisted: 20 b'0123456789'
    "status 20": (b"HTTP/1.1 20 OK\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    "status 2000": (b"HTTP/1.1 2000 OK\r\n" + LENGTH + b"\r\n" + TEN, "2000 b'0123456789'"),
    "status of letters": (b"HTTP/1.1 OK\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    # Twisted: connection
    "no HTTP": (b"<html>" + TEN, "protocol"),
    "ICY": (b"ICY 200 OK\r\n\r\n" + TEN, "protocol"),
    "blank lines before": (b"\r\n\r\n" + OK + LENGTH + b"\r\n" + TEN, "protocol"),
    "a body of before": (b"0\r\n\r\n" + OK + LENGTH + b"\r\n" + TEN, "protocol"),
    # Interim answers.
    "100 before": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "102 and 103 with fields before": (
        b"HTTP/1.1 102 P\r\nX-No: 1\r\n\r\nHTTP/1.1 103 H\r\nLink: </a>\r\n\r\n" + OK + LENGTH + b"\r\n" + TEN,
        "200 b'0123456789'",
    ),
    # Twisted: connection
    "101": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + TEN, "protocol"),
    "100 and no more": (b"HTTP/1.1 100 Continue\r\n\r\n", "connection"),
    # Header lines.
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Length: 10\n\n" + TEN, "200 b'0123456789'"),
    # Twisted: 200 b'0123456789'
    "a line without colon": (OK + b"no colon here\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    # Twisted: 200 b'0123456789'
    "a first line without colon and no other": (OK + b"no colon here\r\n\r\n" + TEN, "protocol"),
    # Twisted: protocol
    "space before the colon": (OK + b"X-A : 1\r\nContent-Length : 10\r\n\r\n" + TEN, "200 b'0123456789'"),
    # Twisted: protocol
    "no name": (OK + b": 1\r\n" + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    # Twisted: 200 b'0123456789'
    "a NUL": (OK + b"X-A: a\0b\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    "control characters": (OK + b"X-A: a\x01\x7fb\r\n" + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    # Twisted: 200 b'0123456789'
    "a bare CR in a value": (OK + b"X-A: a\rb\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    "a fold after the status line": (OK + b" folded\r\n" + LENGTH + b"\r\n" + TEN, "protocol"),
    "a cookie in GBK": (OK + "Set-Cookie: 名=值\r\n".encode("gbk") + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    # Twisted: connection
    "a line of 70 KB": (OK + b"X-A: " + b"a" * 70_000 + b"\r\n" + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "2000 lines": (OK + b"X-A: 1\r\n" * 2000 + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "head cut": (OK + b"Content-Le", "connection"),
    "head without end": (OK + LENGTH, "connection"),
    "nothing": (b"", "connection"),
    # What a client might act on.
    "401": (b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n' + LENGTH + b"\r\n" + TEN, "401 b'0123456789'"),
    "407": (
        b'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\n' + LENGTH + b"\r\n" + TEN,
        "407 b'0123456789'",
    ),
    "426": (b"HTTP/1.1 426 Upgrade\r\nUpgrade: h2c\r\n" + LENGTH + b"\r\n" + TEN, "426 b'0123456789'"),
    "Alt-Svc and HSTS": (
        OK + b'Alt-Svc: h2=":1"\r\nStrict-Transport-Security: max-age=99\r\n' + LENGTH + b"\r\n" + TEN,
        "200 b'0123456789'",
    ),
    "Refresh": (OK + b"Refresh: 0; url=/b\r\n" + LENGTH + b"\r\n" + TEN, "200 b'0123456789'"),
    "location that is none": (b"HTTP/1.1 302 F\r\nLocation:\r\n" + LENGTH + b"\r\n" + TEN, "redirect"),
    "content coding unknown": (
        OK + b"Content-Encoding: zz\r\n" + LENGTH + b"\r\n" + TEN,
        "200 b'0123456789' content coding 'zz' is not known",
    ),
    "content coding br": (
        OK + b"Content-Encoding: br\r\n" + LENGTH + b"\r\n" + TEN,
        "200 b'0123456789' content coding 'br' is not known",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_that_keeps_to_no_standard_is_told_as_what_it_is(site: Site, name: str) -> None:
    answer, expected = CASES[name]
    site.pages["/a"] = answer
    told = said(outcomes(site, FetchPlan(1, site.url("/a")))[0])
    assert told == expected or told.startswith(f"{expected}: ")


def test_a_body_sent_with_a_304_is_not_taken_for_the_next_answer(site: Site) -> None:
    site.pages["/a"] = b"HTTP/1.1 304 Not Modified\r\n" + LENGTH + b"\r\n" + OK + LENGTH + b"\r\nabcdefghij"
    site.pages["/b"] = OK + LENGTH + b"\r\n" + TEN
    told = [
        said(outcome)
        for outcome in outcomes(site, FetchPlan(1, site.url("/a"), etag="1"), FetchPlan(2, site.url("/b")))
    ]
    assert sorted(told) == ["200 b'0123456789'", "not modified"]


def test_header_fields_are_kept_as_served_in_order_with_their_bytes(site: Site) -> None:
    lines = "X-Who: 省政府\r\nSET-COOKIE: a=1\r\nX-Long: one\r\n\t two\r\nset-cookie: b=2\r\nX-Empty:\r\n".encode("gbk")
    site.pages["/a"] = b"HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n" + OK + lines + LENGTH + b"\r\n" + TEN
    (got,) = outcomes(site, FetchPlan(1, site.url("/a")))
    assert isinstance(got, Capture)
    assert [(name, value.encode("latin-1").decode("gbk")) for name, value in got.headers] == [
        ("X-Who", "省政府"),
        ("SET-COOKIE", "a=1"),
        ("X-Long", "one two"),
        ("set-cookie", "b=2"),
        ("X-Empty", ""),
        ("Content-Length", "10"),
    ]

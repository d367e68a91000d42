"""What the crawler promises of every fetch, against a real server on loopback."""

import asyncio
import gc
import gzip
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fakes.site import Page, Request, Site, self_signed
from msgspec.structs import replace

from config.settings import CrawlSettings
from core.model import Capture, FailureKind, FetchFailure, FetchPlan, NotModified, Outcome
from crawler.crawl import Crawler, fetch_all
from crawler.exchange import Answer

FAST = CrawlSettings(
    delay_s=0,
    retries=1,
    retry_wait_s=0.02,
    timeout_s=0.4,
    deadline_s=3,
    max_bytes=50_000,
    concurrency_per_host=8,
    allow_networks=("127.0.0.0/8",),
)


def fetch(plan: FetchPlan | str, settings: CrawlSettings = FAST) -> Outcome:
    """Fetch one plan as a run of its own."""
    outcomes: list[Outcome] = []
    one = FetchPlan(1, plan) if isinstance(plan, str) else plan
    fetch_all([one], settings, lambda _, outcome: outcomes.append(outcome))
    assert len(outcomes) == 1
    return outcomes[0]


def capture(plan: FetchPlan | str, settings: CrawlSettings = FAST) -> Capture:
    """Fetch what must give a capture."""
    outcome = fetch(plan, settings)
    assert isinstance(outcome, Capture), outcome
    return outcome


def failure(plan: FetchPlan | str, settings: CrawlSettings = FAST) -> FetchFailure:
    """Fetch what must fail."""
    outcome = fetch(plan, settings)
    assert isinstance(outcome, FetchFailure), outcome
    return outcome


def to(place: str, status: int = 302) -> Page:
    """Return a redirect."""
    return Page(status=status, headers=(("Location", place),))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def test_a_capture_says_what_was_served_and_by_whom(site: Site) -> None:
    site.pages["/a"] = Page("公告", headers=(("X-Who", "省政府".encode("gbk")),))
    got = capture(site.url("/a"))
    assert (got.status, got.body, got.final_url, got.ip, got.tls, got.defect) == (
        200,
        "公告".encode(),
        site.url("/a"),
        "127.0.0.1",
        "",
        "",
    )
    assert (got.wire_bytes, got.wire_sha256) == (6, "")
    assert dict(got.headers)["X-Who"].encode("latin-1").decode("gbk") == "省政府"
    assert got.requested_at <= got.received_at
    assert got.received_at.tzinfo is not None


def test_the_agent_is_honest_and_the_plan_adds_headers_and_cookies(site: Site) -> None:
    site.pages["/a"] = Page("x", headers=(("Set-Cookie", "kept=no"),))
    settings = replace(FAST, contact="https://example.org/bot")
    plan = FetchPlan(1, site.url("/a"), headers=(("X-Mine", "1"),), cookies=(("a", "1"), ("b", "2")))
    fetch_all([plan, FetchPlan(2, site.url("/a"))], settings, lambda *_: None)
    with_cookies = next(r for r in site.asked("/a") if "x-mine" in r.headers)
    without = next(r for r in site.asked("/a") if "x-mine" not in r.headers)
    assert with_cookies.headers["cookie"] == "a=1; b=2"
    assert "cookie" not in without.headers
    assert without.headers["user-agent"].startswith("govwatch/")
    assert without.headers["user-agent"].endswith("(+https://example.org/bot)")
    assert without.headers["accept-encoding"] == "gzip, deflate"


def test_gzip_is_taken_off_and_the_wire_is_counted(site: Site) -> None:
    wire = gzip.compress(b"hello" * 100)
    site.pages["/a"] = Page(wire, headers=(("Content-Encoding", "gzip"),))
    got = capture(site.url("/a"))
    assert (got.body, got.wire_bytes, got.defect) == (b"hello" * 100, len(wire), "")


@pytest.mark.parametrize(
    ("page", "defect"),
    [
        (Page(gzip.compress(b"hello" * 99)[:20], headers=(("Content-Encoding", "gzip"),)), "gzip body ends early"),
        (
            Page(gzip.compress(b"hello")[:-8] + b"\0" * 8, headers=(("Content-Encoding", "gzip"),)),
            "gzip checksum wrong",
        ),
        (Page(b"x" * 100, behaviour="cut"), "body shorter than its Content-Length (have 50 of 100 bytes)"),
        (Page(b"x" * 100, behaviour="cut-chunked"), "chunked body ends early (have 50 bytes)"),
        (Page(b""), ""),
    ],
)
def test_a_damaged_body_is_a_capture_with_its_defect(site: Site, page: Page, defect: str) -> None:
    site.pages["/a"] = page
    assert capture(site.url("/a")).defect == defect


@pytest.mark.parametrize("status", [403, 404, 412, 521])
def test_an_error_status_is_a_capture_at_once(site: Site, status: int) -> None:
    site.pages["/a"] = Page("no", status=status)
    assert capture(site.url("/a")).status == status
    assert len(site.asked("/a")) == 1


def test_a_500_is_a_capture_after_the_last_retry_and_the_waits_double(site: Site) -> None:
    site.pages["/a"] = Page("down", status=500)
    assert capture(site.url("/a"), replace(FAST, retries=2, retry_wait_s=0.1)).status == 500
    first, second, third = (request.at_s for request in site.asked("/a"))
    assert second - first >= 0.1
    assert third - second >= 0.2


def test_a_retry_that_succeeds_is_a_capture_of_the_good_page(site: Site) -> None:
    answers = [Page("busy", status=503, headers=(("Retry-After", "0"),)), Page("good")]
    site.pages["/a"] = lambda _: answers.pop(0)
    assert capture(site.url("/a")).body == b"good"


def test_a_retry_after_beyond_the_deadline_is_not_waited_for(site: Site) -> None:
    site.pages["/a"] = Page("busy", status=429, headers=(("Retry-After", "Wed, 01 Jan 2200 00:00:00 GMT"),))
    started_s = time.monotonic()
    assert capture(site.url("/a")).status == 429
    assert time.monotonic() - started_s < 1


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [("never", FailureKind.TIMEOUT), ("reset", FailureKind.CONNECTION), ("garbage", FailureKind.PROTOCOL)],
)
def test_a_broken_answer_is_a_failure_with_its_kind(site: Site, behaviour: str, kind: FailureKind) -> None:
    site.pages["/a"] = Page("x", behaviour=behaviour)  # type: ignore[arg-type]
    got = failure(site.url("/a"))
    assert (got.kind, got.url) == (kind, site.url("/a"))
    assert got.detail
    assert "\n" not in got.detail


def test_a_slow_page_is_waited_for_up_to_the_deadline(site: Site) -> None:
    site.pages["/a"] = Page("x" * 8, behaviour="drip", drip_s=0.1)
    assert capture(site.url("/a")).body == b"x" * 8
    site.pages["/a"] = Page("x" * 1000, behaviour="drip", drip_s=0.1)
    started_s = time.monotonic()
    assert failure(site.url("/a"), replace(FAST, deadline_s=0.5)).kind is FailureKind.TIMEOUT
    assert time.monotonic() - started_s < 1


def test_a_closed_port_is_refused() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert failure(f"http://127.0.0.1:{port}/").kind is FailureKind.REFUSED


def test_an_unknown_host_is_dns() -> None:
    assert failure("http://no-such-host.invalid/").kind is FailureKind.DNS


def test_names_that_nobody_answers_for_hold_up_neither_other_names_nor_the_end(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/a"] = Page("x")
    look_up = socket.getaddrinfo
    over = Event()

    def slow(host: str, *given: Any) -> Any:
        if host.endswith(".invalid"):
            over.wait(20)
        return look_up(host, *given)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    silent = [FetchPlan(number, f"http://{number}.invalid/") for number in range(30)]
    order: list[str] = []
    started_s = time.monotonic()
    settings = replace(FAST, concurrency=40, retries=0, timeout_s=4)
    fetch_all([*silent, FetchPlan(99, site.url("/a", "localhost"))], settings, lambda plan, _: order.append(plan.url))
    took_s = time.monotonic() - started_s
    over.set()
    assert order[0] == site.url("/a", "localhost")
    assert len(order) == 31
    assert took_s < 19


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a", "file:///etc/hosts", "no-scheme", "http://", "http://[::1/"])
def test_what_is_no_http_address_is_told_so(url: str) -> None:
    assert failure(url).kind is FailureKind.PROTOCOL


def test_too_large_is_told_by_length_by_count_and_by_unpacking(site: Site) -> None:
    big = b"x" * 60_000
    site.pages["/length"] = Page(big)
    site.pages["/count"] = b"HTTP/1.0 200 OK\r\n\r\n" + big
    site.pages["/bomb"] = Page(gzip.compress(big), headers=(("Content-Encoding", "gzip"),))
    for path in ("/length", "/count", "/bomb"):
        assert failure(site.url(path)).kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize(
    "begin", [b"HTTP/1.1 200 OK\r\n" + b"X-A: a\r\n" * 50_000, b"HTTP/1.1 100 Go\r\n\r\n" * 20_000]
)
def test_header_lines_without_end_are_told_as_too_large(site: Site, begin: bytes) -> None:
    site.pages["/a"] = begin
    got = failure(site.url("/a"), replace(FAST, timeout_s=9, deadline_s=9))
    assert got.kind is FailureKind.TOO_LARGE
    assert "header lines" in got.detail


def test_many_large_answers_at_once_all_arrive() -> None:
    with ExitStack() as stack:
        sites = [stack.enter_context(Site()) for _ in range(6)]
        body = b"x" * 3_000_000
        for site in sites:
            site.pages["/a"] = Page(body)
        got: list[Outcome] = []
        settings = replace(FAST, max_bytes=len(body), timeout_s=5, deadline_s=20)
        plans = [FetchPlan(n, site.url("/a")) for n, site in enumerate(sites) for _ in range(2)]
        fetch_all(plans, settings, lambda _, outcome: got.append(outcome))
        assert [isinstance(outcome, Capture) and outcome.body == body for outcome in got] == [True] * 12


def test_hosts_that_do_not_answer_give_up_their_places() -> None:
    with ExitStack() as stack:
        dead = [stack.enter_context(Site()) for _ in range(4)]
        site = stack.enter_context(Site())
        for one in dead:
            one.pages["/a"] = Page(behaviour="never")
        site.pages["/a"] = Page("x")
        order: list[str] = []
        settings = replace(FAST, concurrency=2, timeout_s=3, retries=0, obey_robots=False)
        plans = [FetchPlan(n, one.url("/a")) for n, one in enumerate((*dead, site))]
        fetch_all(plans, settings, lambda plan, _: order.append(plan.url))
        assert order[0] == site.url("/a")


def test_redirects_are_followed_and_recorded(site: Site) -> None:
    site.pages |= {"/a": to("/b", 301), "/b": to("c", 302), "/c": Page("end")}
    got = capture(FetchPlan(1, site.url("/a"), etag='"old"'))
    assert [(hop.url, hop.status) for hop in got.redirects] == [(site.url("/a"), 301), (site.url("/b"), 302)]
    assert (got.url, got.final_url, got.body) == (site.url("/a"), site.url("/c"), b"end")
    assert "if-none-match" not in site.asked("/c")[0].headers


def test_a_plans_cookies_are_not_told_to_another_site(site: Site) -> None:
    with Site() as other:
        other.pages["/b"] = Page("end")
        site.pages["/a"] = to(other.url("/b"))
        capture(FetchPlan(1, site.url("/a"), cookies=(("secret", "1"),), headers=(("X-Key", "1"),)))
        assert not {"cookie", "x-key"} & set(other.asked("/b")[0].headers)


@pytest.mark.parametrize(
    "place", ["/a", "ftp://example.org/", "file:///etc/hosts", "javascript:alert(1)", "http://[::1/"]
)
def test_a_loop_or_a_redirect_off_http_is_a_redirect_failure(site: Site, place: str) -> None:
    site.pages["/a"] = to(place)
    assert failure(site.url("/a")).kind is FailureKind.REDIRECT


def test_a_conditional_get_gives_not_modified(site: Site) -> None:
    site.pages["/a"] = Page("x", etag='"v1"')
    assert isinstance(fetch(FetchPlan(1, site.url("/a"), etag='"v1"', last_modified="x")), NotModified)
    assert site.asked("/a")[0].headers["if-modified-since"] == "x"
    assert isinstance(fetch(FetchPlan(1, site.url("/a"), etag='"v0"')), Capture)


def test_a_304_nobody_asked_for_is_no_answer(site: Site) -> None:
    site.pages["/a"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert failure(site.url("/a")).kind is FailureKind.PROTOCOL


def test_robots_are_asked_once_and_obeyed_by_setting(site: Site) -> None:
    site.pages |= {"/robots.txt": Page("User-agent: *\nDisallow: /no"), "/no": Page("x"), "/yes": Page("x")}
    got: dict[str, Outcome] = {}
    plans = [FetchPlan(1, site.url(path)) for path in ("/no", "/yes")]
    fetch_all(plans, FAST, lambda plan, outcome: got.update({plan.url: outcome}))
    refused = got[site.url("/no")]
    assert isinstance(refused, FetchFailure)
    assert refused.kind is FailureKind.ROBOTS
    assert "robots.txt" in refused.detail
    assert isinstance(got[site.url("/yes")], Capture)
    assert len(site.asked("/robots.txt")) == 1
    assert not site.asked("/no")
    assert isinstance(fetch(site.url("/no"), replace(FAST, obey_robots=False)), Capture)


@pytest.mark.parametrize(
    ("robots", "kind"),
    [(Page(behaviour="never"), FailureKind.TIMEOUT), (Page("x", status=503), FailureKind.ROBOTS_UNREACHABLE)],
)
def test_a_robots_txt_that_cannot_be_had_forbids_all_and_says_why(site: Site, robots: Page, kind: FailureKind) -> None:
    site.pages |= {"/robots.txt": robots, "/a": Page("x")}
    got = failure(site.url("/a"))
    assert got.kind is kind
    assert "robots.txt" in got.detail
    assert not site.asked("/a")


@pytest.mark.parametrize("robots", [Page("x", status=404), Page("x", status=403), to("/robots.txt")])
def test_a_site_without_robots_txt_allows_all(site: Site, robots: Page) -> None:
    site.pages |= {"/robots.txt": robots, "/a": Page("x")}
    assert capture(site.url("/a")).body == b"x"


def test_an_answer_is_let_go_as_soon_as_it_was_handed_on(site: Site) -> None:
    def alive(*_: object) -> None:
        counts.append(sum(type(one) is Answer for one in gc.get_objects()))

    counts: list[int] = []
    gc.collect()
    gc.disable()
    try:
        fetch_all([FetchPlan(n, site.url("/a")) for n in range(20)], replace(FAST, concurrency=1), alive)
    finally:
        gc.enable()
    assert max(counts) <= 2


def test_a_crawl_delay_is_kept(site: Site) -> None:
    site.pages |= {"/robots.txt": Page("User-agent: *\nCrawl-delay: 0.5"), "/a": Page("x")}
    fetch_all([FetchPlan(n, site.url("/a")) for n in range(3)], FAST, lambda *_: None)
    asked = site.asked("/a")
    assert asked[-1].at_s - asked[0].at_s >= 0.9


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_in_every_spelling_and_nothing_is_asked(site: Site, host: str) -> None:
    site.pages["/a"] = Page("x")
    got = failure(site.url("/a", host), replace(FAST, allow_networks=()))
    assert got.kind is FailureKind.EGRESS
    assert "allow_networks" in got.detail
    assert not site.requests


@pytest.mark.parametrize("url", ["http://[::1]:9/", "http://169.254.169.254/latest/", "http://100.64.0.1/"])
def test_private_and_metadata_addresses_are_refused(url: str) -> None:
    assert failure(url).kind is FailureKind.EGRESS


def test_a_redirect_to_a_guarded_address_is_refused(site: Site) -> None:
    site.pages["/a"] = to("http://169.254.169.254/latest/meta-data")
    got = failure(site.url("/a"))
    assert got.kind is FailureKind.EGRESS
    assert "169.254.169.254" in got.detail


def test_the_guard_holds_for_the_proxy(site: Site) -> None:
    plan = FetchPlan(1, "https://example.org/", proxy=site.url("").replace("127.0.0.1", "localhost"))
    assert failure(plan, replace(FAST, allow_networks=())).kind is FailureKind.EGRESS
    assert not site.requests


def test_a_plan_goes_through_its_proxy(site: Site) -> None:
    site.pages["http://example.org/a"] = Page("by proxy")
    plan = FetchPlan(1, "http://example.org/a", proxy=site.url("").replace("http://", "http://me:pw@"))
    assert capture(plan).body == b"by proxy"
    assert site.asked("http://example.org/a")[0].headers["proxy-authorization"] == "Basic bWU6cHc="


def test_tls_is_verified_unless_the_plan_accepts_it_in_one_crawler(tmp_path: Path) -> None:
    with Site(tls=self_signed(tmp_path, "localhost")) as site:
        site.pages["/a"] = Page("secret")
        url = site.url("/a", "localhost")
        got: dict[bool, Outcome] = {}
        plans = [FetchPlan(1, url, accept_invalid_tls=accept) for accept in (True, False)]
        fetch_all(plans, FAST, lambda plan, outcome: got.update({plan.accept_invalid_tls: outcome}))
        accepted, refused = got[True], got[False]
        assert isinstance(accepted, Capture)
        assert (accepted.tls, accepted.body) == ("unverified", b"secret")
        assert isinstance(refused, FetchFailure)
        assert refused.kind is FailureKind.TLS
        assert 'tls = "accept-invalid"' in refused.detail


def test_a_trusted_certificate_is_verified_and_its_host_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = self_signed(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    with Site(tls=files) as site:
        site.pages["/a"] = Page("secret")
        assert capture(site.url("/a", "localhost")).tls == "verified"
        assert failure(site.url("/a", "127.0.0.1")).kind is FailureKind.TLS


def test_requests_to_one_host_keep_their_distance(site: Site) -> None:
    site.pages["/a"] = Page("x")
    started = time.monotonic()
    fetch_all([FetchPlan(n, site.url("/a")) for n in range(3)], replace(FAST, delay_s=0.15), lambda *_: None)
    # Three pages and robots.txt; measured as a whole, since a busy machine may tell the server late of any one.
    assert time.monotonic() - started >= 3 * 0.15
    assert len(site.requests) == 4


def test_waiting_in_line_does_not_use_up_the_deadline(site: Site) -> None:
    site.pages["/a"] = Page("x")
    settings = replace(FAST, delay_s=0.2, deadline_s=0.3, obey_robots=False, concurrency_per_host=1)
    got: list[Outcome] = []
    fetch_all([FetchPlan(n, site.url("/a")) for n in range(4)], settings, lambda _, outcome: got.append(outcome))
    assert all(isinstance(outcome, Capture) for outcome in got)


def test_no_more_fetches_are_in_flight_than_allowed(site: Site) -> None:
    running: list[int] = [0]
    most: list[int] = [0]

    def slow(_: Request) -> Page:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.03)
        running[0] -= 1
        return Page("x")

    site.pages["/a"] = slow
    settings = replace(FAST, concurrency=2, obey_robots=False)
    fetch_all([FetchPlan(n, site.url("/a")) for n in range(8)], settings, lambda *_: None)
    assert most[0] == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_of_the_listener_ends_the_run_and_is_raised(site: Site, error: type[BaseException]) -> None:
    site.pages |= {"/a": Page("x"), "/never": Page(behaviour="never")}

    def listener(*_: object) -> None:
        raise error

    with pytest.raises(error):
        fetch_all([FetchPlan(1, site.url("/a")), FetchPlan(2, site.url("/never"))], FAST, listener)
    assert capture(site.url("/a")).body == b"x"


def test_stop_lets_fetches_finish_within_the_grace_and_cancels_the_rest(site: Site) -> None:
    site.pages |= {"/soon": Page("x" * 3, behaviour="drip", drip_s=0.05), "/never": Page(behaviour="never")}

    async def run() -> tuple[Outcome, Outcome, Outcome]:
        crawler = Crawler(replace(FAST, timeout_s=5, deadline_s=20, obey_robots=False))
        await crawler.start()
        fetches = [asyncio.ensure_future(crawler.fetch(FetchPlan(1, site.url(p)))) for p in ("/soon", "/never")]
        await asyncio.sleep(0.1)
        await crawler.stop(0.4)
        late = await crawler.fetch(FetchPlan(1, site.url("/soon")))
        await crawler.stop()
        return await fetches[0], await fetches[1], late

    started_s = time.monotonic()
    soon, never, late = asyncio.run(run())
    assert isinstance(soon, Capture)
    for outcome in (never, late):
        assert isinstance(outcome, FetchFailure)
        assert outcome.kind is FailureKind.CANCELLED
    assert time.monotonic() - started_s < 3


def test_nothing_is_printed(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers.clear()
    site.pages["/a"] = Page("x" * 60_000, behaviour="serve")
    fetch_all([FetchPlan(1, site.url("/a")), FetchPlan(2, "http://no-such.invalid/")], FAST, lambda *_: None)
    assert capfd.readouterr() == ("", "")

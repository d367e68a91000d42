"""Several processes fetch and read: what is told and kept is as with one, whoever of them is killed and when."""

import asyncio
import json
import os
import pickle
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.checks import DAY, T0, A, capture
from fakes.daemon import COMMAND, Running, all_gone, pids_of_workers, running
from fakes.desk import Desk
from fakes.site import Page, Request, Site
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.settings import CrawlSettings, Settings
from core.errors import WorkerError
from core.hosts import host_of
from core.model import Capture, FailureKind, FetchFailure, FetchPlan, SameAs
from govwatch import fetching, worker, workers
from govwatch.app import App
from govwatch.demo.article import article_html
from govwatch.fetching import useful_workers
from govwatch.orders import Begin, Fetch, GiveUp, Stop, finding
from govwatch.piping import opened, packed, received
from govwatch.recording import Finding, record
from govwatch.running import _useful
from govwatch.turns import Turn
from govwatch.worker import answered, serve
from govwatch.workers import Shard, shard_of
from storage.rows import PageDraft, PageRow
from storage.write import open_reading, open_store

CRAWL = CrawlSettings(allow_networks=("127.0.0.0/8",), delay_s=0, retries=0, timeout_s=9, deadline_s=9)
HOSTS = 4


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    """Return sites on addresses of their own, so that each is a host."""
    with ExitStack() as stack:
        yield [stack.enter_context(Site(host=f"127.0.0.{number + 1}")) for number in range(HOSTS)]


def addresses(sites: list[Site], pages: int) -> list[str]:
    return [site.url(f"/{number}") for number in range(pages) for site in sites]


def told(checks: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """What was told of each page, by its path and the last number of its host."""
    names = ("presence", "content", "quality", "reason", "kind", "version")
    return sorted((re.sub(r":[0-9]+", "", check["url"]), *map(repr, map(check.get, names))) for check in checks)


@given(st.lists(st.from_regex(r"[a-z]{1,8}(\.[a-z]{2,6}){1,2}", fullmatch=True)), st.integers(2, 16))
def test_a_host_is_never_in_two_shards(names: list[str], shards: int) -> None:
    for name in names:
        urls = (f"http://{name}/a", f"https://{name.upper()}/b?c", f"http://{name}:8080/")
        found = {shard_of(host_of(url), shards) for url in urls}
        assert len(found) == 1
        assert found < set(range(shards))


@pytest.mark.parametrize(
    ("one", "other"),
    [("中国.cn", "xn--fiqs8s.cn"), ("a。cn", "a.cn"), ("[::1]", "[::1]:8080"), ("who:pw@a.cn", "a.cn:")],
)
def test_a_host_has_one_shard_however_it_is_spelled(one: str, other: str) -> None:
    assert shard_of(one, 1_000_003) == shard_of(other, 1_000_003)


def test_a_name_that_cannot_be_one_has_a_shard_too() -> None:
    assert shard_of("a" * 99 + ".cn", 4) in range(4)


def test_as_many_processes_as_there_are_cores_but_no_more_than_hosts_pages_and_delay_leave_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "cores", lambda: 8)
    assert useful_workers(pages=100_000, hosts=1_000, delay_s=0) == 8
    assert useful_workers(pages=100_000, hosts=3, delay_s=0) == 3
    assert useful_workers(pages=2_500, hosts=1_000, delay_s=0) == 2
    assert useful_workers(pages=999, hosts=1_000, delay_s=0) == 1
    # A thousand hosts asked every two seconds are 500 pages a second.
    assert useful_workers(pages=100_000, hosts=1_000, delay_s=2) == 3
    assert useful_workers(pages=0, hosts=0, delay_s=2) == 1


def test_the_daemon_has_as_many_as_what_is_due_at_any_time_keeps_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "cores", lambda: 8)
    monkeypatch.setattr(fetching, "PAGES_EACH", 1)
    app = App(Settings(crawl=CRAWL), Path(":memory:"))
    with open_store(app.database) as store:
        for schedule, useful in (("every 86400", 1), ("every 10", 4), ("every 5", 5)):
            with store.transaction() as tx:
                for number in range(8):
                    url = f"https://{number % 5}.cn/{number}"
                    tx.put_page(PageDraft(url, scheduled=True, schedule=schedule), app.now())
            assert _useful(app, store) == useful


def test_two_processes_tell_what_one_tells_faults_included(tmp_path: Path, sites: list[Site]) -> None:
    faults = {
        "/0": Page("busy", status=503),
        "/1": Page(article_html(editor="贺茜"), behaviour="cut"),
        "/2": Page(behaviour="reset"),
        "/3": Page(status=404),
        "/4": Page(article_html(editor="贺茜")),
    }
    ran = {}
    for count in ("1", "2"):
        for site in sites:
            site.pages = {f"/{number}": Page(article_html(), etag='"a"') for number in range(6)}
        (tmp_path / count).mkdir()
        desk = Desk(tmp_path / count)
        desk.configure()
        first = desk.run("crawl", *addresses(sites, 6), "--workers", count, "--json").json
        for site in sites:
            site.pages |= faults
        again = desk.run("crawl", "--all", "--workers", count, "--json").json
        changes = desk.run("changes", "--json").json
        ran[count] = told(first), told(again), sorted(change["fields"][0]["new"] for change in changes)
    assert len(ran["1"][1]) == 6 * HOSTS
    assert ran["1"] == ran["2"]


def test_each_process_fetches_as_many_at_once_as_one_alone_does(desk: Desk, sites: list[Site]) -> None:
    desk.configure("concurrency = 2\nconcurrency_per_host = 2\n")
    all_there = threading.Barrier(4)

    def answer(request: Request) -> Page:
        all_there.wait(5)
        return Page(article_html())

    # The first and the last of the hosts are in different shards of two.
    for site in (sites[0], sites[3]):
        site.pages = {"/0": answer, "/1": answer}
    checks = desk.run("crawl", *addresses([sites[0], sites[3]], 2), "--workers", "2", "--json").json
    assert [check["content"] for check in checks] == ["first-seen"] * 4


def crawling(folder: Path, urls: list[str]) -> Running:
    return Running(folder, os.environ, (sys.executable, "-u", "-m", "govwatch", "crawl", *urls, "--workers", "2"))


def slow(sites: list[Site], go: threading.Event) -> None:
    """Have the last page of each site wait for `go`."""

    def answer(request: Request) -> Page:
        go.wait(20)
        return Page(article_html())

    for site in sites:
        site.pages = {"/0": Page(article_html()), "/1": answer}


def test_a_worker_that_is_killed_is_told_and_what_it_had_under_way_is_fetched_again_and_kept_once(
    desk: Desk, sites: list[Site]
) -> None:
    go = threading.Event()
    slow(sites, go)
    patient(desk)
    urls = addresses(sites, 2)
    crawl = crawling(desk.folder, urls)
    assert crawl.wait_until(lambda: all(site.asked("/1") for site in sites))
    killed = pids_of_workers(crawl.process.pid)
    assert len(killed) == 1
    os.kill(killed[0], signal.SIGKILL)
    assert crawl.wait_until(lambda: "worker 2 was ended by SIGKILL with" in crawl.said)
    go.set()
    assert crawl.wait() == 0, crawl.said
    assert "they begin anew in 1 s" in crawl.said
    assert crawl.said.count("first-seen") == len(urls)
    assert [len(desk.run("history", url, "--json").json) for url in urls] == [1] * len(urls)
    assert all_gone(killed)


def patient(desk: Desk) -> None:
    config = desk.folder / "govwatch.toml"
    config.write_text(config.read_text().replace('"1s"', '"20s"').replace('"2s"', '"20s"'))


def test_when_the_parent_is_killed_its_workers_end_and_what_was_not_kept_is_checked_again(
    desk: Desk, sites: list[Site]
) -> None:
    go = threading.Event()
    slow(sites, go)
    listed = json.dumps(addresses(sites, 2))
    desk.configure(f'[[target]]\nname = "a"\nurls = {listed}\nschedule = {{ every = "1h" }}\n')
    patient(desk)
    command = (*COMMAND, "--workers", "2")
    with running(desk.folder, os.environ, command) as daemon:
        assert daemon.wait_until(lambda: daemon.said.count("first-seen") == HOSTS and all(s.asked("/1") for s in sites))
        left = pids_of_workers(daemon.process.pid)
        assert len(left) == 1
        daemon.process.kill()
        assert all_gone(left)
    go.set()
    for site in sites:
        site.requests.clear()
    with running(desk.folder, os.environ, command) as daemon:
        assert daemon.wait_until(lambda: daemon.said.count("first-seen") == HOSTS)
        assert daemon.stop() == 0
    assert [len(site.asked("/0")) for site in sites] == [0] * HOSTS
    assert [len(site.asked("/1")) for site in sites] == [1] * HOSTS


def test_the_daemon_ends_its_workers_within_ten_seconds_while_hosts_drip(desk: Desk, sites: list[Site]) -> None:
    for site in sites:
        site.pages = {"/0": Page(article_html()), "/1": Page(b"x" * 100_000, behaviour="drip", drip_s=0.5)}
    listed = json.dumps(addresses(sites, 2))
    desk.configure(f'[[target]]\nname = "a"\nurls = {listed}\n')
    config = desk.folder / "govwatch.toml"
    config.write_text(config.read_text().replace('"1s"', '"200s"').replace('"2s"', '"300s"'))
    with running(desk.folder, os.environ, (*COMMAND, "--workers", "2")) as daemon:
        assert daemon.wait_until(lambda: daemon.said.count("first-seen") == HOSTS and all(s.asked("/1") for s in sites))
        left, start = pids_of_workers(daemon.process.pid), time.monotonic()
        # As systemd does it: to every process of the service.
        for pid in (*left, daemon.process.pid):
            os.kill(pid, signal.SIGTERM)
        assert daemon.wait(30) == 0, daemon.said
        assert time.monotonic() - start < 10
        assert all_gone(left)
    assert "was ended" not in daemon.said
    assert sum(page["last_check_at"] is None for page in desk.run("list", "--json").json) == HOSTS


def page_at(url: str) -> PageRow:
    with open_store(Path(":memory:")) as store:
        with store.transaction() as tx:
            tx.put_page(PageDraft(url), App(Settings(), Path()).now())
        return store.reading().pages()[0]


async def room() -> None:
    """Say that there always is room."""


def shard(folder: Path, page: PageRow, said: list[str]) -> Shard:
    begin = Begin(Settings(), folder / "a.db")
    return Shard(2, begin, App(Settings(), Path()).now, lambda number: page, room, said.append)


def test_a_worker_that_dies_again_and_again_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    monkeypatch.setattr(workers, "MOST_DEATHS", 1)
    page, said = page_at("https://a.cn/"), list[str]()

    async def play() -> None:
        fetcher = shard(tmp_path, page, said)
        await fetcher.start()
        for _ in range(2):
            with pytest.raises(WorkerError, match=r"ended with status 3 with 1 fetches under way, for the 2th time"):
                await fetcher.fetch(FetchPlan(1, page.url))
        await fetcher.stop()

    asyncio.run(play())
    assert any("1 fetches under way; they begin anew in 1 s" in line for line in said)


def test_an_answer_that_makes_no_sense_is_raised_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nonsense = "import socket; from govwatch.piping import packed; socket.socket(fileno=0).sendall(packed([1]))"
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", nonsense))
    page = page_at("https://a.cn/")

    async def play() -> None:
        fetcher = shard(tmp_path, page, [])
        await fetcher.start()
        with pytest.raises(TypeError):
            await asyncio.wait_for(fetcher.fetch(FetchPlan(1, page.url)), 20)
        await fetcher.stop()

    asyncio.run(play())


def test_what_waits_for_a_worker_that_comes_back_ends_as_cancelled_at_the_stop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    page, said = page_at("https://a.cn/"), list[str]()

    async def play() -> list[Finding]:
        fetcher = shard(tmp_path, page, said)
        await fetcher.start()
        fetch = asyncio.ensure_future(fetcher.fetch(FetchPlan(1, page.url)))
        while not said:  # noqa: ASYNC110 - what is waited for is not one event
            await asyncio.sleep(0.01)
        await fetcher.stop()
        return [await fetch, await fetcher.fetch(FetchPlan(1, page.url))]

    for ended in asyncio.run(play()):
        assert isinstance(ended.outcome, FetchFailure)
        assert ended.outcome.kind == "cancelled"


def test_a_worker_fetches_reads_gives_up_and_stops_as_it_is_told(tmp_path: Path, sites: list[Site]) -> None:
    site = sites[0]
    site.pages = {"/0": Page(article_html()), "/1": Page(behaviour="never"), "/2": Page(behaviour="never")}
    with open_store(tmp_path / "a.db") as store:
        with store.transaction() as tx:
            for url in addresses([site], 3):
                tx.put_page(PageDraft(url), App(Settings(), Path()).now())
        pages = store.reading().pages()

    async def play() -> list[tuple[int, tuple[object, ...]]]:
        ours, theirs = socket.socketpair()
        worker = asyncio.ensure_future(serve(theirs, Turn()))
        reader, writer = await opened(ours)
        crawl = replace(CRAWL, concurrency_per_host=9)
        writer.write(packed(Begin(Settings(crawl=crawl), tmp_path / "a.db")))
        writer.write(packed([Fetch(FetchPlan(page.id, page.url), page) for page in pages]))
        answers = [*await received(reader)]
        writer.write(packed([GiveUp(pages[1].id), GiveUp(99)]))
        while not all(site.asked(f"/{number}") for number in range(3)):  # noqa: ASYNC110 - it is no event
            await asyncio.sleep(0.01)
        writer.write(packed([Stop(0.0)]))
        answers += await received(reader)
        assert await received(reader) is None
        await worker
        writer.close()
        return answers

    (page, (outcome, _, reading, *_)), (other, (ended, _, nothing, *_)) = asyncio.run(play())
    assert (page, other, nothing) == (pages[0].id, pages[2].id, None)
    assert isinstance(outcome, Capture)
    assert reading is not None
    assert isinstance(ended, FetchFailure)
    assert ended.kind == "cancelled"


def test_a_worker_that_nobody_listens_to_any_more_ends(tmp_path: Path, sites: list[Site]) -> None:
    site = sites[0]
    site.pages = {"/0": Page(behaviour="never")}
    page = page_at(site.url("/0"))
    with open_store(tmp_path / "a.db"):
        pass

    async def play(*orders: object) -> None:
        ours, theirs = socket.socketpair()
        serving = asyncio.ensure_future(serve(theirs, Turn()))
        _, writer = await opened(ours)
        for order in orders:
            writer.write(packed(order))
        while orders and not site.asked("/0"):  # noqa: ASYNC110 - what is waited for is not one event
            await asyncio.sleep(0.01)
        writer.close()
        await asyncio.wait_for(serving, 10)

    asyncio.run(play(Begin(Settings(crawl=CRAWL), tmp_path / "a.db"), [Fetch(FetchPlan(1, page.url), page)]))
    asyncio.run(play())


def test_so_many_answers_share_a_message_that_it_stays_small(tmp_path: Path) -> None:
    app, page = App(Settings(), tmp_path / "a.db"), page_at("https://a.cn/")
    with open_store(app.database):
        pass
    large, none = capture(A, T0, body=b"x" * 90_000), FetchFailure(page.url, FailureKind.DNS, "no name", T0, T0)
    findings = [Finding(page, outcome, T0) for outcome in (large, none, large, large, none, none)]
    with open_reading(app.database) as kept:
        messages = answered(app, kept, findings, Turn())
    assert [len(pickle.loads(message[8:])) for message in messages] == [4, 2]


def test_an_error_of_the_last_batch_ends_a_worker_that_has_nothing_else_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sites: list[Site]
) -> None:
    def broken(*given: object, turn: Turn) -> list[bytes]:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(worker, "answered", broken)
    sites[0].pages = {"/0": Page(article_html())}
    page = page_at(sites[0].url("/0"))
    with open_store(tmp_path / "a.db"):
        pass

    async def play() -> None:
        ours, theirs = socket.socketpair()
        serving = asyncio.ensure_future(serve(theirs, Turn()))
        _, writer = await opened(ours)
        writer.write(packed(Begin(Settings(crawl=CRAWL), tmp_path / "a.db")))
        writer.write(packed([Fetch(FetchPlan(1, page.url), page)]))
        with pytest.raises(ExceptionGroup) as raised:
            await asyncio.wait_for(serving, 20)
        assert raised.group_contains(ZeroDivisionError)
        writer.close()

    asyncio.run(play())


def test_what_is_the_same_again_comes_without_the_body_that_is_kept_already(tmp_path: Path) -> None:
    app, page = App(Settings(), tmp_path / "a.db"), page_at("https://a.cn/")
    with open_store(app.database) as store:
        with store.transaction() as tx:
            tx.put_page(PageDraft(page.url), T0)
        served = capture(A, T0, url=page.url, final_url=page.url, body=article_html())
        record(app, store, [Finding(store.reading().pages()[0], served, T0)])
        page = store.reading().pages()[0]
        with open_reading(app.database) as kept:
            (message,) = answered(app, kept, [Finding(page, served, T0 + DAY)], Turn())
        ((_, found),) = pickle.loads(message[8:])
        assert len(message) < 1_000
        assert found[0].lacks_body
        (checked,) = record(app, store, [finding(page, found)])
        assert checked.verdict.content == "same"
        assert checked.recorded.capture is not None
        assert store.reading().capture(checked.recorded.capture).body == served.body


@pytest.mark.parametrize("editor", ["苏可明", "贺茜"])
def test_what_differs_little_is_sent_as_its_difference_and_kept_whole(tmp_path: Path, editor: str) -> None:
    app, url = App(Settings(), tmp_path / "a.db"), "https://www.sc.gov.cn/a.shtml"

    def served(minute: int, editor: str = "苏可明") -> Capture:
        body = article_html(noise=100_001, editor=editor)
        body = body.replace(b"%d" % (1000 + 7 * 100_001), b"%06d" % (700_000 + minute))
        at = T0 + timedelta(minutes=minute, microseconds=7)
        return capture(A, at, url=url, final_url=url, body=body)

    with open_store(app.database) as store:
        with store.transaction() as tx:
            tx.put_page(PageDraft(url), T0)
        for minute in range(4):
            record(app, store, [Finding(store.reading().pages()[0], served(minute), T0)])
        page = store.reading().pages()[0]
        with open_reading(app.database) as kept:
            (message,) = answered(app, kept, [Finding(page, served(9, editor), T0)], Turn())
        ((_, found),) = pickle.loads(message[8:])
        assert len(message) < 4_000
        assert found[0].lacks_body
        assert isinstance(found[2], SameAs) == (editor == "苏可明")
        (checked,) = record(app, store, [finding(page, found)])
        assert checked.verdict.content == ("same" if editor == "苏可明" else "changed")
        assert checked.recorded.capture is not None
        assert store.reading().capture(checked.recorded.capture).body == served(9, editor).body


def test_a_capture_is_sent_with_the_hash_that_was_counted() -> None:
    sent = capture(A, T0)
    assert "body_sha256" not in vars(pickle.loads(pickle.dumps(sent)))
    digest = sent.body_sha256
    came = pickle.loads(pickle.dumps(sent))
    assert came == sent
    assert vars(came) == {"body_sha256": digest}

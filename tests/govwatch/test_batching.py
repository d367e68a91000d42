"""Work in batches: company shares a transaction, nobody waits long, the loop goes on, and what goes wrong is told."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.settings import Settings
from core.errors import StorageError
from core.model import Capture, FailureKind, FetchFailure, Presence, Quality, QualityKind, Reading
from govwatch import batching
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.demo.article import article_html
from govwatch.recording import Checked, Finding, record
from storage import database
from storage.rows import PackedBody, PageDraft, PageRow
from storage.write import Store, open_store

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2024, 5, 1, tzinfo=UTC)
FAILED = FetchFailure(URL, FailureKind.DNS, "no such host", T0, T0)
UNKNOWN = Presence.UNKNOWN
PAGE = PageRow(1, URL, "", "command", "active", False, "", "", (), (), 1, "", None, T0, UNKNOWN, None, "", None, None)
FINDING = Finding(PAGE, FAILED, T0)
READING = Reading(Quality(QualityKind.OK), "r1")


def sized(body_bytes: int) -> Finding:
    return replace(FINDING, outcome=Capture(URL, URL, 200, (), b"x" * body_bytes, T0, T0))


def packed(body: bytes, size: int, reading: Reading | None = None) -> Finding:
    capture = Capture(URL, URL, 200, (), b"", T0, T0)
    return replace(FINDING, outcome=capture, reading=reading, body=PackedBody(None, body, size))


class Desk:
    """Work that is only noted, batch by batch, and held up until `go` is set."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.batches: list[list[Finding]] = []
        self.threads: set[threading.Thread] = set()
        self.done: list[Finding] = []
        self.batch = Batch(self.work, self.done.append)

    def work(self, findings: list[Finding]) -> Sequence[Finding]:
        assert self.go.wait(30)
        self.batches.append(findings)
        self.threads.add(threading.current_thread())
        return findings


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what is waited for is not one event
            await asyncio.sleep(0.002)


def test_a_lonely_outcome_is_worked_on_after_a_moment_and_a_full_batch_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "MOST", 3)
    monkeypatch.setattr(batching, "LINGER_S", 0.2)
    desk = Desk()

    async def play() -> None:
        start = asyncio.get_running_loop().time()
        desk.batch.add(FINDING)
        await until(lambda: len(desk.done) == 1)
        assert asyncio.get_running_loop().time() - start >= 0.2
        for _ in range(7):
            desk.batch.add(FINDING)
        await until(lambda: len(desk.done) == 8)

    asyncio.run(play())
    assert [len(batch) for batch in desk.batches] == [1, 3, 3, 1]


def test_so_many_bytes_share_a_batch_and_a_larger_body_has_one_of_its_own() -> None:
    desk, most = Desk(), batching.MOST_BYTES

    async def play() -> None:
        for body_bytes in (1, most // 2, most // 2, 5 * most, 2):
            desk.batch.add(sized(body_bytes))
        assert await desk.batch.settle()

    asyncio.run(play())
    assert [len(batch) for batch in desk.batches] == [3, 1, 1]
    assert [len(one.outcome.body) for one in desk.done if isinstance(one.outcome, Capture)] == [
        *(1, most // 2, most // 2, 5 * most, 2)
    ]


def test_while_a_batch_is_worked_on_the_loop_goes_on_and_the_next_ones_wait_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batching, "MOST", 2)
    desk = Desk()

    async def play() -> None:
        desk.go.clear()
        for number in range(5):
            desk.batch.add(sized(number))
        asked = asyncio.ensure_future(desk.batch.between(lambda: len(desk.batches)))
        await asyncio.sleep(0.2)
        assert (desk.batches, asked.done()) == ([], False)
        desk.go.set()
        assert await desk.batch.settle()
        assert await asked == 1

    asyncio.run(play())
    assert [len(one.outcome.body) for one in desk.done if isinstance(one.outcome, Capture)] == [0, 1, 2, 3, 4]
    assert len(desk.threads) == 1
    assert threading.main_thread() not in desk.threads


@pytest.mark.parametrize(
    ("count", "finding"),
    [
        (2, sized(batching.MOST_WAITING_BYTES)),
        (2_200, FINDING),
        (2, packed(b"x" * batching.MOST_WAITING_BYTES, 9)),
        (2, packed(b"small", batching.MOST_WAITING_BYTES, READING)),
    ],
    ids=["large", "many", "packed", "read"],
)
def test_while_too_much_waits_there_is_no_room_for_more(count: int, finding: Finding) -> None:
    desk = Desk()

    async def play() -> None:
        await desk.batch.room()
        desk.go.clear()
        for _ in range(count):
            desk.batch.add(finding)
        asked = asyncio.ensure_future(desk.batch.room())
        await asyncio.sleep(0.1)
        assert not asked.done()
        desk.go.set()
        await asyncio.wait_for(asked, 10)

    asyncio.run(play())


def test_what_is_left_when_the_loop_is_over_is_worked_on_by_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "MOST", 2)
    desk = Desk()

    async def play() -> None:
        desk.go.clear()
        for _ in range(5):
            desk.batch.add(FINDING)

    asyncio.run(play())
    assert desk.done == []
    threading.Timer(0.1, desk.go.set).start()
    desk.batch.flush()
    assert len(desk.done) == 5
    assert [len(batch) for batch in desk.batches] == [2, 2, 1]


def test_an_error_while_working_is_raised_by_every_next_call() -> None:
    def refuse(findings: list[Finding]) -> list[Finding]:
        raise StorageError("the disk is full")

    async def play() -> None:
        batch = Batch(refuse, lambda one: None)
        batch.add(FINDING)
        with pytest.raises(StorageError, match="full"):
            await batch.settle()
        await batch.room()
        for call in (batch.flush, lambda: batch.add(FINDING)):
            with pytest.raises(StorageError, match="full"):
                call()

    asyncio.run(play())


def test_a_defect_while_telling_is_raised_too() -> None:
    def tell(finding: Finding) -> None:
        raise RuntimeError("a bug")

    async def play() -> None:
        batch = Batch(lambda findings: findings, tell)
        batch.add(FINDING)
        with pytest.raises(RuntimeError, match="a bug"):
            await batch.settle()

    asyncio.run(play())


def kept(app: App, store: Store, done: list[Checked], told: list[str]) -> tuple[Batch[Checked], Finding]:
    """Return what keeps checks, and one to be kept."""
    with store.transaction() as tx:
        tx.put_page(PageDraft(URL), T0)
        (page,) = tx.pages()
    return Batch(partial(record, app, store), done.append, told.append), Finding(page, FAILED, T0)


def test_a_lock_that_passes_is_told_and_then_everything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.01)
    monkeypatch.setattr(batching, "TRY_AGAIN_S", 0.05)
    done: list[Checked] = []
    told: list[str] = []

    async def play(store: Store, other: sqlite3.Connection) -> None:
        batch, finding = kept(App(Settings(), tmp_path / "a.db"), store, done, told)
        other.execute("begin immediate")
        batch.add(finding)
        assert not await batch.settle()
        for _ in range(2):
            batch.add(finding)
        await until(lambda: len(told) > 1)
        assert not await batch.settle()
        assert not done
        other.execute("rollback")
        await until(lambda: len(done) == 3)
        assert await batch.settle()

    with open_store(tmp_path / "a.db", 0.01) as store:
        other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        asyncio.run(play(store, other))
        other.close()
    assert "another govwatch is writing to it" in told[0]
    assert "1 checks wait and are kept when it has passed" in told[0]


def test_at_the_end_a_lock_is_an_error_and_what_waits_is_not_kept(tmp_path: Path) -> None:
    done: list[Checked] = []
    with open_store(tmp_path / "a.db", 0.01) as store:
        other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        batch, finding = kept(App(Settings(), tmp_path / "a.db"), store, done, [])

        async def play() -> None:
            batch.add(finding)

        asyncio.run(play())
        other.execute("begin immediate")
        with pytest.raises(StorageError, match="another govwatch"):
            batch.flush()
        other.close()
    assert done == []


def test_a_large_page_is_kept_in_the_order_in_which_it_came(tmp_path: Path) -> None:
    done: list[Checked] = []

    async def play(store: Store) -> None:
        batch, finding = kept(App(Settings(), tmp_path / "a.db"), store, done, [])
        large = Capture(URL, URL, 200, (), article_html() + b" " * batching.MOST_BYTES, T0, T0)
        for outcome in (FAILED, large, FAILED, large):
            batch.add(replace(finding, outcome=outcome))
        assert await batch.settle()

    with open_store(tmp_path / "a.db") as store:
        asyncio.run(play(store))
    assert [str(checked.verdict.content) for checked in done] == ["none", "first-seen", "none", "same"]

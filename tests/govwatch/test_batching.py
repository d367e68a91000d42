"""Keeping in batches: company shares a transaction, nobody waits long, and what goes wrong is not swallowed."""

import asyncio
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from core.errors import StorageError
from core.model import Capture, FailureKind, FetchFailure, Reading
from core.read import PageReader
from govwatch import batching
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.demo.article import article_html
from govwatch.recording import Checked, Finding
from storage import database
from storage.rows import PageDraft
from storage.write import Store, open_store

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2024, 5, 1, tzinfo=UTC)


def finding(store: Store) -> Finding:
    with store.transaction() as tx:
        tx.put_page(PageDraft(URL), T0)
        (page,) = tx.pages()
    return Finding(page, FetchFailure(URL, FailureKind.DNS, "no such host", T0, T0), T0)


def test_a_lonely_outcome_is_kept_after_a_moment_and_a_full_batch_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "MOST", 3)
    done: list[Checked] = []

    async def play(store: Store) -> None:
        batch = Batch(App(Settings(), tmp_path / "a.db"), store, done.append)
        batch.add(finding(store))
        assert not done
        await asyncio.sleep(2 * batching.LINGER_S)
        assert len(done) == 1
        for _ in range(3):
            batch.add(finding(store))
        assert len(done) == 4
        await asyncio.sleep(2 * batching.LINGER_S)
        batch.flush()
        assert len(done) == 4

    with open_store(tmp_path / "a.db") as store:
        asyncio.run(play(store))


def test_large_bodies_are_kept_at_once_so_that_the_loop_stands_still_for_one_only(tmp_path: Path) -> None:
    done: list[Checked] = []

    async def play(store: Store) -> None:
        batch = Batch(App(Settings(), tmp_path / "a.db"), store, done.append)
        page = finding(store).page
        for size in (1, *[batching.LARGE_BYTES] * (batching.MOST_BYTES // batching.LARGE_BYTES)):
            assert not done
            batch.add(Finding(page, Capture(URL, URL, 200, (), b"x" * size, T0, T0), T0))
        assert len(done) == 9

    with open_store(tmp_path / "a.db") as store:
        asyncio.run(play(store))


def test_a_lock_met_by_a_full_batch_is_no_error_of_the_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.01)
    monkeypatch.setattr(batching, "MOST", 1)
    told: list[str] = []

    async def play(store: Store, other: sqlite3.Connection) -> None:
        one = finding(store)
        other.execute("begin immediate")
        Batch(App(Settings(), tmp_path / "a.db"), store, lambda checked: None, told.append).add(one)
        other.execute("rollback")

    with open_store(tmp_path / "a.db") as store:
        other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        asyncio.run(play(store, other))
        other.close()
    assert "1 checks wait" in told[0]


def test_an_error_while_keeping_is_raised_by_the_next_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("the disk is full")

    async def play(store: Store) -> None:
        batch = Batch(App(Settings(), tmp_path / "a.db"), store, lambda checked: None)
        monkeypatch.setattr(batching, "record", refuse)
        batch.add(finding(store))
        await asyncio.sleep(2 * batching.LINGER_S)
        for call in (batch.flush, lambda: batch.add(finding(store))):
            with pytest.raises(StorageError, match="full"):
                call()

    with open_store(tmp_path / "a.db") as store:
        asyncio.run(play(store))


def test_a_lock_that_passes_is_told_and_then_everything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.01)
    monkeypatch.setattr(batching, "TRY_AGAIN_S", 0.05)
    done: list[Checked] = []
    told: list[str] = []

    async def play(store: Store, other: sqlite3.Connection) -> None:
        batch = Batch(App(Settings(), tmp_path / "a.db"), store, done.append, told.append)
        findings = [finding(store) for _ in range(3)]
        other.execute("begin immediate")
        batch.add(findings[0])
        assert not batch.settle()
        for one in findings[1:]:
            batch.add(one)
        await asyncio.sleep(0.15)
        assert not done
        other.execute("rollback")
        await asyncio.sleep(0.2)
        assert batch.settle()
        assert len(done) == 3

    with open_store(tmp_path / "a.db") as store:
        other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        asyncio.run(play(store, other))
        other.close()
    assert "another govwatch is writing to it" in told[0]
    assert "checks wait and are kept when it has passed" in told[0]


def test_a_large_page_is_read_in_a_thread_while_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Checked] = []
    may_read, real = threading.Event(), PageReader.read

    def slow(reader: PageReader, capture: Capture) -> Reading:
        assert may_read.wait(30)
        return real(reader, capture)

    monkeypatch.setattr(PageReader, "read", slow)
    monkeypatch.setattr(batching, "MOST_ASIDE", 2)
    large = Capture(URL, URL, 200, (), article_html() + b" " * batching.LARGE_BYTES, T0, T0)

    async def play(store: Store) -> None:
        batch = Batch(App(Settings(), tmp_path / "a.db"), store, done.append)
        small = finding(store)
        for _ in range(2):
            batch.add(replace(small, outcome=large))
        batch.add(small)
        assert not batch.settle()
        assert [checked.verdict.content for checked in done] == ["none"]
        may_read.set()
        batch.add(replace(small, outcome=large))  # Waits for the first, as there is room for two.
        batch.flush()
        assert batch.settle()

    with open_store(tmp_path / "a.db") as store:
        asyncio.run(asyncio.wait_for(play(store), 60))
    assert [str(checked.verdict.content) for checked in done] == ["none", "first-seen", "same", "same"]

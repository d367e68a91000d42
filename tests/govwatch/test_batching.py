"""Keeping in batches: company shares a transaction, nobody waits long, and what goes wrong is not swallowed."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from core.errors import StorageError
from core.model import Capture, FailureKind, FetchFailure
from govwatch import batching
from govwatch.app import App
from govwatch.batching import Batch
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
        for size in (1, batching.MOST_BYTES):
            batch.add(Finding(page, Capture(URL, URL, 200, (), b"x" * size, T0, T0), T0))
        assert len(done) == 2

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

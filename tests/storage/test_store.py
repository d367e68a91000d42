"""What one check found out is kept wholly or not at all, once, and never altered afterwards."""

import sqlite3
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from fakes.checks import (
    DAY,
    T0,
    URL,
    A,
    B,
    fail,
    reprocess,
    see,
    see_bad,
    see_past,
    see_same,
    watched,
)
from msgspec.structs import replace
from sqlite_utils import Database

from core.errors import StorageError
from core.model import Content, Presence, QualityKind
from storage.overview import open_overview
from storage.read import open_reader
from storage.rows import PageDraft
from storage.schema import migrations
from storage.write import Store, Transaction, open_store

TABLES = ("page", "body", "capture", "version", "spell", "page_check", "change", "change_field")
OTHER_TABLES = (
    "counted",
    "stencil",
    "pruning",
    "superseded",
    "replay",
    "outbox",
    "delivery",
    "host",
    "health",
    "health_notice",
    "seen_mark",
)
INDEX = ("", "_data", "_idx", "_config")
"""The tables of the search index, which SQLite makes for itself."""
STRIDE = 11
"""Steps of SQLite's own machine between two moments at which a transaction is stopped."""
MOST_STEPS = 20_000
"""A transaction takes 3,300 to 5,600."""


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is kept, read by another connection."""
    connection = sqlite3.connect(file)
    try:
        return {table: connection.execute(f"select * from {table}").fetchall() for table in TABLES}
    finally:
        connection.close()


def writes_of(tx: Transaction, page: int, turn: int) -> None:
    """Write one of each kind of check."""
    at = T0 + turn * DAY
    see(tx, page, replace(A, editor=f"第{turn}人"), at)
    see_past(tx, page, replace(B, title=f"旧题{turn}"), at - timedelta(hours=1))
    reprocess(tx, page, replace(B, source=f"来源{turn}"), "r2")
    see_same(tx, page, at + timedelta(hours=1), "r2")
    see_bad(tx, page, QualityKind.GONE, at + timedelta(hours=2))
    fail(tx, page, at + timedelta(hours=3))


def test_an_error_at_any_moment_leaves_nothing_of_the_transaction(store: Store, file: Path) -> None:
    """SQLite is stopped after ever more steps of its own, in the middle of every statement there is."""
    with store.transaction() as tx:
        page = tx.put_page(PageDraft(URL), T0)
        writes_of(tx, page, 1)
    before, stopped, turn = rows(file), 0, 2
    for moment in range(0, MOST_STEPS, STRIDE):
        steps = count()
        tx._connection.set_progress_handler(lambda steps=steps, moment=moment: next(steps) == moment, 1)
        try:
            with store.transaction() as tx:
                writes_of(tx, page, turn)
        except StorageError:
            stopped += 1
        tx._connection.set_progress_handler(None, 1)
        after = rows(file)
        if after != before:
            # FTS5 ends what it has begun at some moments, and the last step of all is the answer that the commit is
            # done: then nothing of the transaction is missing, nor of the index.
            assert all(len(after[table]) > len(before[table]) for table in TABLES if table != "page")
            with open_overview(file) as reader:
                words = (f"第{turn}人", f"旧题{turn}", f"来源{turn}")
                assert [len(reader.find(word, 1).found) for word in words] == [1, 1, 1]
            before, turn = after, turn + 1
        if next(steps) <= moment:
            break  # The transaction has no such moment any more.
    else:
        pytest.fail("a transaction takes more steps than are tried")
    assert stopped > 20 * turn > 50


@pytest.mark.parametrize("table", [table for table in TABLES if table != "page"])
def test_a_row_that_cannot_be_written_takes_the_whole_check_with_it(store: Store, file: Path, table: str) -> None:
    with store.transaction() as tx:
        page = tx.put_page(PageDraft(URL), T0)
        see(tx, page, A, T0)
        tx._connection.execute(
            f"create trigger broken before insert on {table} begin select raise(abort, 'broken'); end"
        )
    before = rows(file)
    with pytest.raises(StorageError, match=r"govwatch\.db: broken"), store.transaction() as tx:
        see(tx, page, B, T0 + DAY)
    assert rows(file) == before


def test_an_error_of_the_caller_leaves_nothing_and_the_next_transaction_is_kept(store: Store, file: Path) -> None:
    def interrupted() -> None:
        with store.transaction() as tx:
            see(tx, tx.put_page(PageDraft(URL), T0), A, T0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not any(rows(file).values())
    with store.transaction() as tx:
        see(tx, tx.put_page(PageDraft(URL), T0), A, T0)
    assert all(rows(file)[table] for table in TABLES if not table.startswith("change"))


def test_a_hundred_checks_of_one_text_are_one_version_and_one_spell(file: Path) -> None:
    with watched(file) as (tx, page):
        for day in range(100):
            see(tx, page, A, T0 + day * DAY)
        checks = tx.checks(page)
        (spell,) = tx.history(page)
    assert [check.content for check in reversed(checks)] == [Content.FIRST_SEEN] + [Content.SAME] * 99
    assert {check.number for check in checks} == {1}
    assert (spell.first_seen_at, spell.last_seen_at) == (T0, T0 + 99 * DAY)
    kept = rows(file)
    counts = {table: len(kept[table]) for table in ("version", "change", "page_check", "capture", "spell")}
    assert counts == {"version": 1, "change": 0, "page_check": 100, "capture": 100, "spell": 1}


def test_only_a_good_check_adds_a_version_or_moves_the_head(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    see(tx, page, A, T0)
    head, kept = tx.before_check(page).state.head, tx.before_check(page).head_capture
    for day, kind in enumerate(QualityKind, start=1):
        if kind not in (QualityKind.OK, QualityKind.NOT_MODIFIED):
            see_bad(tx, page, kind, T0 + day * DAY)
        fail(tx, page, T0 + day * DAY)
    assert tx.before_check(page).state.head == head
    assert tx.before_check(page).head_capture == kept
    assert tx.version(page, 2) is None
    assert {check.content for check in tx.checks(page)[:-1]} == {Content.NONE}
    assert len(tx.history(page)) == 1


def test_a_failure_before_any_good_check_is_kept_and_nothing_else(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    assert fail(tx, page, T0).capture is None
    assert see_same(tx, page, T0 + DAY).capture is None
    assert [(check.outcome, check.failure, check.presence) for check in tx.checks(page)] == [
        ("not-modified", "", Presence.UNKNOWN),
        ("failure", "timeout", Presence.UNKNOWN),
    ]
    assert tx.before_check(page).state.head is None
    assert tx.before_check(page).head_capture is None
    assert tx.history(page) == []


def test_an_absence_is_counted_over_checks_and_told_once(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    see(tx, page, A, T0)
    told = [see_bad(tx, page, QualityKind.GONE, T0 + day * DAY).change for day in (1, 2, 3)]
    assert [change is not None for change in told] == [False, True, False]
    state = tx.before_check(page).state
    assert (state.presence, state.absent_as, state.absent_count) == (Presence.REMOVED, Presence.REMOVED, 3)
    assert state.absent_since == T0 + DAY
    assert see(tx, page, A, T0 + 4 * DAY).change is not None
    assert [change.kind for change in tx.changes()] == ["restored", "removed"]


@pytest.mark.parametrize("table", ["version", "change"])
@pytest.mark.parametrize(
    "statement", ["update {} set page = page", "delete from {}", "replace into {} select * from {}"]
)
def test_versions_and_changes_cannot_be_altered(store: Store, file: Path, table: str, statement: str) -> None:
    with store.transaction() as tx:
        page = tx.put_page(PageDraft(URL), T0)
        see(tx, page, A, T0)
        see(tx, page, B, T0 + DAY)
    before = rows(file)[table]
    assert before
    with pytest.raises((sqlite3.IntegrityError, sqlite3.OperationalError)), store.transaction() as tx:
        tx._connection.execute(statement.format(table, table))
    assert rows(file)[table] == before


def test_the_database_is_set_for_safety_first(watching: tuple[Transaction, int]) -> None:
    tx, _ = watching
    names = ("journal_mode", "synchronous", "foreign_keys")
    assert [tx._rows(f"pragma {name}")[0][0] for name in names] == ["wal", 2, 1]
    strict = {row["name"]: row["strict"] for row in tx._rows("select name, strict from pragma_table_list")}
    assert {strict[table] for table in (*TABLES, *OTHER_TABLES)} == {1}
    ours = {name for name in strict if not name.startswith(("sqlite_", "_sqlite_"))}
    assert ours == {*TABLES, *OTHER_TABLES, *(f"page_words{part}" for part in INDEX)}


def test_a_check_of_no_page_is_refused(store: Store, file: Path) -> None:
    with pytest.raises(StorageError, match="there is no page 99"), store.transaction() as tx:
        see(tx, 99, A, T0)
    assert not rows(file)["capture"]


def test_opening_again_changes_nothing(file: Path) -> None:
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
    before = file.read_bytes()
    with open_store(file) as store:
        db = Database(store._connection, execute_plugins=False)
        migrations.apply(db)
        assert not migrations.pending(db)
    assert file.read_bytes() == before


def test_readers_see_a_transaction_only_when_it_is_over(store: Store, file: Path) -> None:
    with store.transaction() as tx:
        see(tx, tx.put_page(PageDraft(URL), T0), A, T0)
        with open_reader(file) as reader:
            assert reader.pages() == []
    with open_reader(file) as reader:
        assert [page.title for page in reader.pages()] == [A.title]

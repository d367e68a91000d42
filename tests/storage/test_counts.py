"""The counts kept by triggers are what a scan would count, whatever was written and by whom."""

import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, fail, see, see_bad
from fakes.older import write_older
from msgspec.structs import replace

from core.health import Health
from core.model import QualityKind
from storage.counts import MISCOUNTED
from storage.fitness import examine
from storage.overview import Overview, open_overview
from storage.rows import PageDraft
from storage.standing import open_standing
from storage.times import to_text
from storage.write import Transaction, open_store

NOW = T0 + 3 * DAY


def miscounted(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(MISCOUNTED).fetchall()


def written(tx: Transaction, chance: random.Random, step: int) -> None:
    """Write something about a page, as it may happen to it."""
    page, at = chance.randint(1, 8), T0 + step * timedelta(hours=1)
    if tx.page(page) is None:
        tx.put_page(PageDraft(f"https://h{page % 3}.cn/{page}", scheduled=chance.random() < 0.7), at)
        return
    match chance.randint(0, 7):
        case 0 | 1 | 2:
            see(tx, page, replace(A, editor=f"编辑{chance.randint(1, 3)}"), at)
        case 3:
            see_bad(tx, page, QualityKind.GONE, at)
        case 4:
            fail(tx, page, at)
        case 5:
            tx.set_status(page, chance.choice(("active", "active", "paused", "retired")))
        case 6:
            tx.put_page(PageDraft(f"https://h{page % 3}.cn/{page}", scheduled=chance.random() < 0.7), at)
        case 7:
            tx.mark_seen_up_to(chance.randint(1, 9), at)
            tx.mark_unseen([chance.randint(1, 9)])


def scanned(reader: Overview) -> tuple[int, ...]:
    """Return the figures of the coverage and of marks as a scan of the tables counts them."""
    day, week, overdue = (to_text(NOW - ago) for ago in (DAY, 7 * DAY, timedelta(minutes=10)))
    (row,) = reader._rows(
        """select count(*), coalesce(sum(last_check_at >= ?1), 0), coalesce(sum(last_good_at >= ?1), 0),
            coalesce(sum(last_good_at >= ?2), 0), coalesce(sum(last_good_at is null), 0), coalesce(sum(scheduled), 0),
            coalesce(sum(scheduled and next_due > ?3 and coalesce(late_s, 0) <= 600), 0),
            coalesce(sum(scheduled and next_due <= ?3), 0)
        from page left join health on health.page = page.id where status = 'active'""",
        day,
        week,
        overdue,
    )
    (marks,) = reader._rows("select (select count(*) from change) - (select count(*) from seen_mark)")
    return *row, *marks


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_what_a_scan_counts(tmp_path: Path, seed: int) -> None:
    chance, file = random.Random(seed), tmp_path / "a.db"
    with open_store(file) as store:
        for step in range(90):
            with store.transaction() as tx:
                written(tx, chance, step)
                late = chance.choice((None, 5, 601, 5000))
                if tx.page(1):
                    tx.put_health(1, Health(), late)
                tx.bring_forward("", NOW - 2 * DAY, NOW - chance.choice((-1, 0, 1)) * DAY)
            with open_standing(file) as reader:
                found = reader.coverage(NOW)
                assert scanned(reader) == (
                    found.pages,
                    found.checked,
                    found.good,
                    found.good_in_week,
                    found.never_good,
                    found.scheduled,
                    found.on_time,
                    found.overdue,
                    reader.unseen(),
                )
                assert len(reader.overdue(NOW, -1)) == found.overdue
                assert sum(reader.changes_by_day().values()) == len(reader.changes())
                assert len(reader.troubles()) == reader.troubled() == sum(reader.trouble_kinds().values())
    assert miscounted(file) == []
    older = tmp_path / "older.db"
    write_older(file, older)
    with open_store(older):
        assert miscounted(older) == []


def test_minutes_in_which_no_page_was_last_checked_are_not_kept(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        page = tx.put_page(PageDraft("https://a.cn/"), T0)
        for minute in range(50):
            see(tx, page, A, T0 + minute * timedelta(minutes=1))
        assert len(tx._rows("select * from counted where what in ('checked', 'good')")) == 2


def test_a_transaction_that_fails_leaves_the_counts_as_they_were(tmp_path: Path) -> None:
    def broken() -> None:
        with store.transaction() as tx:
            see(tx, tx.put_page(PageDraft("https://a.cn/"), T0), A, T0)
            raise KeyboardInterrupt

    with open_store(tmp_path / "a.db") as store:
        with pytest.raises(KeyboardInterrupt):
            broken()
        with open_overview(store.path) as reader:
            assert reader.coverage(T0).pages == 0
    assert miscounted(tmp_path / "a.db") == []


def test_a_wrong_count_is_found_when_the_database_is_examined(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store:
        with store.transaction() as tx:
            see(tx, tx.put_page(PageDraft("https://a.cn/"), T0), A, T0)
        assert examine(store.path).problems == ()
        with store.transaction() as tx:
            tx._connection.execute("update counted set number = 7 where what = 'good'")
        assert examine(store.path).problems == ("the count of what is good is wrong",)

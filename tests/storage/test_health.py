"""The health of pages and the outbox, as tables."""

import sqlite3
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, B, see, watched
from sqlite_utils import Database

from core.errors import StorageError
from core.health import Health, HealthKind
from storage.schema import migrations
from storage.write import open_store


def test_what_waits_in_an_outbox_of_older_tables_waits_on(file: Path) -> None:
    with sqlite3.connect(file, isolation_level=None) as connection:
        migrations.apply(Database(connection), stop_before="health_of_pages")
        connection.executescript(
            """insert into page (id, url, name, origin, scheduled, profile, schedule, labels, watch, added_at)
                values (1, 'https://a.cn/', '', 'command', 0, '', '', '[]', '[]', '2026-01-01');
            insert into page_check values (5, 1, '2026-01-01', 'failure', '', null, '', '', 'unknown', 'none', '', null, '');
            insert into change values (7, 1, 5, 'removed', null, null, '[]', '', null, '2026-01-01', x'');
            insert into delivery values (3, 'hook', 'n-1', '2026-01-01', 'pending', 2, '2026-01-01', 'down', null);
            insert into outbox values (1, 7, 'hook', '2026-01-01', 3), (2, 7, 'mail', '2026-01-01', null);"""
        )
    connection.close()
    with open_store(file) as store:
        (delivery,) = store.reading().pending("hook", T0, DAY)
        assert (delivery.notice, delivery.attempts, delivery.changes, delivery.health) == ("n-1", 2, (7,), ())
        assert store.reading().is_due("mail", T0, DAY)
        assert store.reading().before_check(1).health == Health()


def test_health_is_kept_as_it_was_given(file: Path) -> None:
    with watched(file) as (tx, page):
        ill = Health(T0, T0 + DAY, 3, T0 + DAY / 2, True, False)
        tx.put_health(page, ill, 5)
        assert tx.before_check(page).health == ill
        tx.put_health(page, Health())
        assert tx.before_check(page).health == Health()
        assert tx._rows("select late_s from health")[0]["late_s"] == 5


def test_a_notice_tells_of_one_page_and_the_same_is_queued_once_for_a_channel(file: Path) -> None:
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
        change = see(tx, page, B, T0 + DAY).change
        notice = tx.put_notice(page, HealthKind.FAILING, Health(bad_checks=3, bad_since=T0), "a.cn", "why", T0)
        for queued in ({"health": notice}, {"change": change}):
            tx.enqueue("hook", T0, **queued)
            with pytest.raises(StorageError, match="UNIQUE"):
                tx.enqueue("hook", T0, **queued)
        for wrong in ({}, {"health": notice, "change": change}):
            with pytest.raises(StorageError, match="CHECK"):
                tx.enqueue("mail", T0, **wrong)
        (row,) = tx.notices([notice])
        assert (row.title, row.kind, row.bad_checks, row.since, row.reason) == (A.title, "failing", 3, T0, "why")

"""Which SQLite has the WAL-reset bug, and what an examination finds in a damaged database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes.checks import T0, A, see, watched

from storage.fitness import examine, has_wal_reset_bug


@pytest.mark.parametrize(
    ("version", "is_bad"),
    [
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.44.7", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.0", True),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.53.4", False),
    ],
)
def test_the_versions_with_the_wal_reset_bug_are_known(version: str, is_bad: bool) -> None:
    assert has_wal_reset_bug(version) is is_bad


def test_a_sound_database_has_no_problems_and_a_damaged_one_tells_them(file: Path) -> None:
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
    assert (examine(file).problems, examine(file).pages, examine(file).last_check_at) == ((), 1, T0)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("insert into spell select 99, 77, '', 1, '', '', 1, 1")
        connection.execute("pragma writable_schema = on")
        columns = (
            "update sqlite_master set sql = replace(sql, 'name text not null', 'name integer') where name = 'page'"
        )
        connection.execute(columns)
        connection.commit()
    told = examine(file).problems
    assert any("page.name" in one for one in told)
    assert "rows of spell refer to none" in told

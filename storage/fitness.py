"""Whether SQLite and the database file are sound: the version's known bug, and what a check of the file finds."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from storage.counts import MISCOUNTED
from storage.database import connect_reader, translated
from storage.times import from_text_or_none

SQLITE_VERSION = sqlite3.sqlite_version
_MOST_TOLD = 5
_PATIENCE_S = 2.0


class Fitness(Struct, frozen=True):
    """What was found out about a database: damage in words, and the latest time of any check."""

    problems: tuple[str, ...]
    pages: int
    last_check_at: datetime | None


def has_wal_reset_bug(version: str = SQLITE_VERSION) -> bool:
    """Tell whether SQLite of this version can damage a database in WAL mode: seldom, when two connections write.

    From 3.7.0 to 3.51.2, but for the fixes carried back to 3.44.6 and 3.50.7 (https://sqlite.org/wal.html#walresetbug).
    """
    number = tuple(map(int, version.split(".")))
    return number < (3, 51, 3) and not any(fix <= number < (*fix[:2], 999) for fix in ((3, 44, 6), (3, 50, 7)))


def examine(database: Path) -> Fitness:
    """Read the whole database and tell what is wrong with it. Raises StorageError where it cannot be read at all."""
    with translated(database), closing(connect_reader(database)) as reader:
        found = [row[0] for row in reader.execute(f"pragma quick_check({_MOST_TOLD})") if row[0] != "ok"]
        lost = reader.execute('select distinct "table" from pragma_foreign_key_check').fetchall()
        found += [f"rows of {table} refer to none" for (table,) in lost]
        wrong = reader.execute(f"select distinct what from ({MISCOUNTED})").fetchall()
        found += [f"the count of what is {what} is wrong" for (what,) in wrong]
        pages, last = reader.execute("select count(*), max(last_check_at) from page").fetchone()
    return Fitness(tuple(found), pages, from_text_or_none(last))


def refusal(database: Path) -> str:
    """Return why the database cannot be written to; empty where it can, which is tried by writing what it holds.

    A version number is put back as it is, in a transaction of its own, synced: all that a check needs but more room.
    """
    try:
        with closing(_opened(database)) as connection:
            connection.execute("begin immediate")
            (version,) = connection.execute("pragma user_version").fetchone()
            connection.execute(f"pragma user_version = {version}")
            connection.execute("commit")
    except sqlite3.Error as error:
        return str(error)
    return ""


def _opened(database: Path) -> sqlite3.Connection:
    address = f"{database.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None)
    connection.execute("pragma synchronous = full")
    return connection

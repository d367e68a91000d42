"""Copying the database while others write to it: one moment of it, checked by opening the copy, under its name last."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from core.errors import StorageError
from storage.database import connect_reader, translated

_ANY_VERSION = 1


class BackupMade(Struct, frozen=True):
    """What a copy holds: its size, and how many rows of each table."""

    bytes: int
    rows: dict[str, int]


def back_up(database: Path, target: Path, is_overwriting: bool = False) -> BackupMade:
    """Copy a database of any version of the tables into the file `target`. Raises StorageError; then nothing is left.

    All is copied in one step and so within one read transaction: written to in between, SQLite would begin anew.
    """
    with translated(database), closing(connect_reader(database, _ANY_VERSION)) as source:
        _refuse(database, target, is_overwriting)
        source.execute("begin")
        rows = _rows(source)
        with _part_of(target) as part:
            with translated(target):
                _copy(source, part)
            shutil.copymode(database, part)
            _verify(part, rows)
            _refuse(database, target, is_overwriting)
            _put(part, target)
    return BackupMade(target.stat().st_size, rows)


def _refuse(database: Path, target: Path, is_overwriting: bool) -> None:
    if target.exists() and (target.samefile(database) or not target.is_file()):
        raise StorageError(f"{target} is no place for a backup of {database}; give another file")
    if target.exists() and not is_overwriting:
        raise StorageError(f"{target} is there already and was left as it is; give another file, or --overwrite")
    for log in (target.with_name(f"{target.name}{ending}") for ending in ("-wal", "-journal")):
        # SQLite would take what stands there for a part of the copy.
        if log.exists() and log.stat().st_size:
            raise StorageError(f"{log} is there, so {target} is in use or was not closed; give another file")


@contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """Give an empty file beside the target, ours alone; what a killed backup left there is used again."""
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.truncate(0)
            try:
                yield part
            finally:
                part.unlink(missing_ok=True)
    except BlockingIOError as error:
        raise StorageError(f"another backup is writing {part}; wait for it") from error
    except OSError as error:
        raise StorageError(f"{part} cannot be written: {error.strerror or error}") from error


def _copy(source: sqlite3.Connection, part: Path) -> None:
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        # Nothing of it counts before it is whole, and then it is synced at once; it stays one file without a WAL.
        copy.execute("pragma synchronous = off")
        source.backup(copy)
        copy.execute("pragma journal_mode = delete")


def _verify(part: Path, rows: dict[str, int]) -> None:
    """Open the copy as a reader would, and compare. Raises StorageError."""
    with translated(part), closing(connect_reader(part, _ANY_VERSION)) as copy:
        found = [row[0] for row in copy.execute("pragma integrity_check(3)")]
        if found != ["ok"]:
            raise StorageError(f"the copy is damaged, and so may the database be: {'; '.join(found)}; try again")
        if copy.execute("pragma foreign_key_check").fetchone():
            raise StorageError("the copy has rows that refer to none, and so may the database; `govwatch doctor` tells")
        if _rows(copy) != rows:
            raise StorageError("the copy holds not as many rows as the database; try again")


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    # A virtual table has no page of its own; those of the search index that hold it are counted.
    sql = "select name from sqlite_master where type = 'table' and rootpage > 0 order by name"
    names = connection.execute(sql).fetchall()
    return {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for (name,) in names}


def _put(part: Path, target: Path) -> None:
    """Give the copy its name once it is on the disk; when this returns the name is on the disk too."""
    _sync(part)
    part.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

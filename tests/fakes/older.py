"""A database as govwatch wrote it before texts were packed: made of today's, by the values that it holds."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from storage.columns import text_to_json
from storage.read import Reader, open_reader
from storage.schema import migrations

NEVER_COPIED = ("_sqlite_migrations", "version_words", "page_words")
"""The search index, too, cannot be read as what it was made of."""


def write_older(new: Path, old: Path, before: str = "packed_texts") -> None:
    """Write what the database `new` holds into a database with the tables from before a migration."""
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        migrations.apply(Database(connection), stop_before=before)
        tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        with open_reader(new) as reader:
            for (table,) in tables:
                if not table.startswith(NEVER_COPIED):
                    _copy(reader, connection, table)


def _copy(reader: Reader, connection: sqlite3.Connection, table: str) -> None:
    columns = [row[1] for row in connection.execute(f"select * from pragma_table_info('{table}')")]
    marks = ", ".join("?" * len(columns))
    for row in reader._rows(f"select * from {table}"):
        values = dict(row) | _AS_BEFORE.get(table, lambda reader, row: {})(reader, row)
        connection.execute(f"insert or replace into {table} values ({marks})", [values[name] for name in columns])


def _version(reader: Reader, row: sqlite3.Row) -> dict[str, Any]:
    version = reader.version(row["page"], row["number"])
    assert version
    return {"text": text_to_json(version.text)}


_AS_BEFORE = {"version": _version}

"""A database as govwatch wrote it before texts were packed: made of today's, by the values that it holds."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from storage.columns import text_to_json, to_json
from storage.read import Reader, open_reader
from storage.schema import migrations
from storage.times import to_text

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
    return {"text": text_to_json(version.text).decode()}


def _body(reader: Reader, row: sqlite3.Row) -> dict[str, Any]:
    bases = reader._rows("select sha256 from body where id = ?", row["base"])
    return {"sha256": row["sha256"].hex(), "base": bases[0]["sha256"].hex() if bases else None}


def _capture(reader: Reader, row: sqlite3.Row) -> dict[str, Any]:
    capture = reader.capture(row["id"])
    return {
        "body": sha256(capture.body).hexdigest(),
        "url": capture.url,
        "final_url": capture.final_url,
        "headers": to_json(capture.headers),
        "redirects": to_json([[hop.url, hop.status] for hop in capture.redirects]),
        "wire_sha256": capture.wire_sha256,
        "requested_at": to_text(capture.requested_at),
    }


_AS_BEFORE = {"version": _version, "body": _body, "capture": _capture}

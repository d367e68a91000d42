"""How many bytes of the database file are for what."""

from pathlib import Path

from msgspec import Struct

from core.errors import StorageError
from storage.read import open_reader

_TABLES = {
    "body": "bodies",
    "capture": "captures",
    "version": "versions",
    "page_words": "search index",
    "page_check": "checks",
    "page": "pages",
    "host": "pages",
    "health": "pages",
    "stencil": "pages",
    "spell": "changes",
    "change": "changes",
    "change_field": "changes",
    "superseded": "changes",
    "outbox": "changes",
    "delivery": "changes",
}
"""What the larger tables are for; all else is `other`."""


_MODULE = "dbstat"
_PACKED = """select coalesce(sum(length({0})) filter (where base is null), 0) as {1}keyframe_bytes,
    coalesce(sum(length({0})) filter (where base is not null), 0) as {1}difference_bytes,
    count(*) filter (where base is null) as {1}keyframes, count(base) as {1}differences"""


class Stats(Struct, frozen=True):
    """Bytes of the file by kind, of bodies and texts by how they are packed, and how many rows there are."""

    bytes: dict[str, int]
    keyframe_bytes: int
    difference_bytes: int
    served_bytes: int
    """What the bodies have unpacked."""
    keyframes: int
    differences: int
    text_keyframe_bytes: int
    text_difference_bytes: int
    text_keyframes: int
    text_differences: int
    pages: int
    checks: int
    captures: int
    versions: int
    pruned_captures: int
    """What went since the beginning, by the settings of retention."""
    pruned_checks: int
    pruned_at: str | None
    """When pruning last ran, as the database keeps times."""

    @property
    def in_all(self) -> int:
        """The bytes of the file."""
        return sum(self.bytes.values())


def read_stats(database: Path) -> Stats:
    """Return what the file holds; reads all of it. Raises StorageError."""
    with open_reader(database) as reader:
        if not reader._rows("select 1 from pragma_module_list where name = ?", _MODULE):
            raise StorageError("this SQLite was built without dbstat, which counts the bytes; use Python's usual one")
        kinds: dict[str, int] = {}
        for row in reader._rows(
            """select coalesce(tbl_name, name) as of_table, type = 'index' as is_index, pgsize as bytes
            from (select name, pgsize from dbstat where aggregate = 1) left join sqlite_master using (name)"""
        ):
            kind = "indexes" if row["is_index"] else _kind(row["of_table"])
            kinds[kind] = kinds.get(kind, 0) + row["bytes"]
        (free,) = reader._rows("select freelist_count * page_size from pragma_freelist_count, pragma_page_size")
        (bodies,) = reader._rows(f"{_PACKED.format('packed', '')}, coalesce(sum(bytes), 0) as served_bytes from body")
        (texts,) = reader._rows(f"{_PACKED.format('text', 'text_')} from version")
        (rows,) = reader._rows(
            """select (select count(*) from page) as pages, (select coalesce(sum(checks), 0) from page_check) as checks,
                (select count(*) from capture) as captures, (select count(*) from version) as versions,
                coalesce(sum(captures), 0) as pruned_captures, coalesce(sum(checks), 0) as pruned_checks,
                max(at) as pruned_at from pruning"""
        )
        return Stats(bytes=kinds | {"free": free[0]}, **dict(bodies), **dict(texts), **dict(rows))


def _kind(table: str) -> str:
    """Return what a table is for; the search index has several, with its name in front."""
    return _TABLES.get(table, "search index" if table.startswith("page_words") else "other")

"""Reading what was kept: pages, history, versions, captures, changes. Imports no sqlite-utils, which costs 90 ms."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from core.errors import StorageError
from core.model import Capture, ChangeKind, Content, Presence
from storage.columns import (
    capture_from_columns,
    fields_from_json,
    text_from_columns,
    texts_from_json,
)
from storage.database import ERRORS, connect_reader, told, translated
from storage.pack import Packed, unpack_chain
from storage.rows import ChangeRow, CheckRow, PageRow, SpellRow, Validators, VersionRow
from storage.times import from_text, from_text_or_none, to_text

_Value = TypeVar("_Value")
JOIN_BASE = "left join version as base on base.id = version.base"
"""Joins what the text of a version was packed against, to be read as `base_text`."""
JOIN_FRAME = "left join capture as frame on frame.id = capture.base"
"""Joins what the headers of a capture were packed against, to be read as `base_headers`."""
_OF_HEAD = {"head_number": "version.number", "title": "coalesce(version.title, '')"}
_PAGE = f"""select {", ".join(_OF_HEAD.get(name, f"page.{name}") for name in PageRow.__struct_fields__)}
    from page left join version on version.id = page.head"""
_CHANGE = """select change.*, page.url, page.name, page.labels, old.number as from_number, new.number as to_number,
    coalesce(new.title, old.title, '') as title,
    exists (select 1 from superseded join version on version.id = page.head
        where superseded.change = change.id and superseded.rules_id = version.rules_id) as is_superseded,
    exists (select 1 from seen_mark where seen_mark.change = change.id) as is_seen
    from {} join page on page.id = change.page
    left join version as old on old.id = change.from_version
    left join version as new on new.id = change.to_version"""

_TOUCHED = (
    "change_field as touched join change on change.id = touched.change",
    "touched.seen_at desc, touched.change",
)


class Reader:
    """Queries over one connection; also the reading half of a store that writes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        connection.row_factory = sqlite3.Row

    def pages(self, status: Sequence[str] = ("active", "paused", "retired")) -> list[PageRow]:
        """Return pages by number."""
        marks = ",".join("?" * len(status))
        return self._read(_page, f"{_PAGE} where page.status in ({marks}) order by page.id", *status)

    def find_pages(self, reference: str) -> list[PageRow]:
        """Return the pages a user may mean: by number, URL or name; none where nothing fits."""
        if not reference.strip():
            return []
        # Bytes of the command line that are no UTF-8 arrive as surrogates, which the database does not take.
        reference = reference.encode("utf-8", "replace").decode()
        if reference.isascii() and reference.isdigit() and len(reference) < 19:
            found = self._read(_page, f"{_PAGE} where page.id = ?", int(reference))
            if found:
                return found
        return self._read(_page, f"{_PAGE} where ? in (page.url, page.name) order by page.id", reference)

    def page(self, page: int) -> PageRow | None:
        """Return one page by its number."""
        found = self.find_pages(str(page))
        return found[0] if found and found[0].id == page else None

    def history(self, page: int) -> list[SpellRow]:
        """Return the spells of a page under the rules its head was read by, oldest first.

        What lies before the first of them was not yet read again under these rules, and is told as it was read.
        """
        return self._read(
            _spell,
            """select spell.*, version.number, version.title,
                version.editor
            from spell join version on version.id = spell.version
            where spell.page = ?1 and (spell.rules_id = :rules or spell.last_seen_at < (
                select min(first_seen_at) from spell where page = ?1 and rules_id = :rules))
            order by spell.first_seen_at, spell.id""".replace(
                ":rules", "(select rules_id from version join page on page.head = version.id where page.id = ?1)"
            ),
            page,
        )

    def checks(self, page: int, limit: int = -1) -> list[CheckRow]:
        """Return the newest `limit` checks of a page (all: -1), newest first."""
        return self._read(
            _check,
            """select page_check.*, version.number from page_check
            left join version on version.id = page_check.version
            where page_check.page = ? order by at desc, page_check.id desc limit ?""",
            page,
            limit,
        )

    def changes(
        self, since: datetime | None = None, page: int | None = None, field: str | None = None, limit: int = -1
    ) -> list[ChangeRow]:
        """Return changes, newest first: seen since a time, of one page, or touching one field."""
        where, values = ["1"], list[object]()
        if since is not None:
            where.append(f"{'change' if field is None else 'touched'}.seen_at >= ?")
            values.append(to_text(since))
        if page is not None:
            where.append("change.page = ?")
            values.append(page)
        if field is not None:
            where.append("touched.field = ?")
            values.append(field)
        # Through the index of fields where one is asked for: looking into 99,000 changes for one took 98 ms.
        source, key = ("change", "change.seen_at desc, change.id") if field is None else _TOUCHED
        sql = f"{_CHANGE.format(source)} where {' and '.join(where)} order by {key} desc limit {limit:d}"
        return self._read(_change, sql, *values)

    def changes_by_number(self, numbers: Sequence[int]) -> list[ChangeRow]:
        """Return changes by their numbers, newest first."""
        marks = ",".join("?" * len(numbers))
        sql = f"{_CHANGE.format('change')} where change.id in ({marks}) order by change.seen_at desc, change.id desc"
        return self._read(_change, sql, *numbers)

    def version(self, page: int, number: int) -> VersionRow | None:
        """Return one version of a page by its number."""
        sql = f"""select version.*, base.text as base_text from version {JOIN_BASE}
            where version.page = ? and version.number = ?"""
        found = self._read(_version, sql, page, number)
        return found[0] if found else None

    def capture(self, capture: int) -> Capture:
        """Return one capture, its body checked against its hash. Raises StorageError."""
        found = self._rows(
            f"""select capture.*, page.url as page_url, frame.headers as base_headers
            from capture join page on page.id = capture.page {JOIN_FRAME}
            where capture.id = ?""",
            capture,
        )
        if not found:
            raise StorageError(f"database {self._path}: there is no capture {capture}")
        body = unpack_chain(self._chain(found[0]["body"]))
        return self._value(lambda row: capture_from_columns(row, body), found[0])

    def validators(self, page: int) -> Validators | None:
        """Return the validators of the fetch that gave the page's head, None where no fetch of its address did.

        A 304 says "as at that fetch": it may only be asked for while that is what the head shows, so not after an
        import. Behind a redirect the validators speak for another address than the one that is asked.
        """
        found = self._read(
            _validators,
            """select etag, last_modified, received_at from page join capture on capture.id = page.head_capture
            where page.id = ? and capture.origin = 'fetch' and capture.redirects is null""",
            page,
        )
        return found[0] if found else None

    def pages_by_number(self, numbers: Sequence[int]) -> list[PageRow]:
        """Return pages in the order of the numbers given."""
        marks = ",".join("?" * len(numbers))
        found = {page.id: page for page in self._read(_page, f"{_PAGE} where page.id in ({marks})", *numbers)}
        return [found[number] for number in numbers]

    def pages_after(self, page: int, limit: int) -> list[PageRow]:
        """Return the next pages by number, so that all can be gone through without holding them."""
        return self._read(_page, f"{_PAGE} where page.id > ? order by page.id limit ?", page, limit)

    def _read(self, value_of: Callable[[sqlite3.Row], _Value], sql: str, *values: object) -> list[_Value]:
        """Return rows as values. Raises StorageError where a row holds what was never written."""
        return [self._value(value_of, row) for row in self._rows(sql, *values)]

    def _chain(self, body: int) -> list[Packed]:
        """Return a body as it is packed, and the bodies that it needs to be read, each packed against the next one."""
        rows = self._rows("select id, sha256, packed, base from body where id = ?", body)
        if not rows or rows[0]["base"] is None:
            return [Packed(*row[:3]) for row in rows]  # The frame of a host, mostly: in a third of the time.
        rows = self._rows(
            """with recursive chain as (select 0 as depth, id, sha256, base, packed from body where id = ?
                union all select depth + 1, body.id, body.sha256, body.base, body.packed
                from chain join body on body.id = chain.base)
            select id, sha256, packed from chain order by depth""",
            body,
        )
        return [Packed(*row) for row in rows]

    def _value(self, value_of: Callable[[sqlite3.Row], _Value], row: sqlite3.Row) -> _Value:
        try:
            return value_of(row)
        except (ValueError, TypeError, LookupError) as error:
            raise StorageError(f"database {self._path}: a row is damaged: {error}; restore a backup") from error

    # Without `translated`, which costs 0.4 µs, 5 a check.

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except ERRORS as error:
            raise told(self._path, error) from error

    def _execute(self, sql: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, values)
        except ERRORS as error:
            raise told(self._path, error) from error


@contextmanager
def open_reader(path: Path) -> Iterator[Reader]:
    """Open a database for reading only. Raises StorageError."""
    with translated(path):
        connection = connect_reader(path)
    try:
        yield Reader(connection, path)
    finally:
        connection.close()


def _page(row: sqlite3.Row) -> PageRow:
    # By place, in the order of the fields: to look each up by its name took twice as long.
    page, url, name, origin, status, scheduled, profile, schedule, labels, watch, priority, host = row[:12]
    due, added, presence, head, title, good_at, checked_at = row[12:]
    return PageRow(
        page,
        url,
        name,
        origin,
        status,
        bool(scheduled),
        profile,
        schedule,
        texts_from_json(labels),
        texts_from_json(watch),
        priority,
        host,
        from_text_or_none(due),
        from_text(added),
        Presence(presence),
        head,
        title,
        from_text_or_none(good_at),
        from_text_or_none(checked_at),
    )


def _validators(row: sqlite3.Row) -> Validators:
    return Validators(row["etag"] or "", row["last_modified"] or "", from_text(row["received_at"]))


def _spell(row: sqlite3.Row) -> SpellRow:
    return SpellRow(
        version=row["version"],
        number=row["number"],
        rules_id=row["rules_id"],
        first_seen_at=from_text(row["first_seen_at"]),
        last_seen_at=from_text(row["last_seen_at"]),
        first_capture=row["first_capture"],
        last_capture=row["last_capture"],
        title=row["title"] or "",
        editor=row["editor"] or "",
    )


def _check(row: sqlite3.Row) -> CheckRow:
    return CheckRow(
        id=row["id"],
        at=from_text(row["at"]),
        outcome=row["outcome"],
        failure=row["failure"],
        capture=row["capture"],
        quality=row["quality"],
        presence=Presence(row["presence"]),
        content=Content(row["content"]),
        reason=row["reason"],
        number=row["number"],
        removed=json.loads(row["removed"]),
        checks=row["checks"],
        last_at=from_text(row["last_at"] or row["at"]),
        stands_in=bool(row["stands_in"]),
    )


def _change(row: sqlite3.Row) -> ChangeRow:
    return ChangeRow(
        id=row["id"],
        page=row["page"],
        check=row["page_check"],
        url=row["url"],
        name=row["name"],
        title=row["title"],
        kind=ChangeKind(row["kind"]),
        from_number=row["from_number"],
        to_number=row["to_number"],
        fields=fields_from_json(row["fields"]),
        detail=row["detail"],
        last_good_at=from_text_or_none(row["last_good_at"]),
        seen_at=from_text(row["seen_at"]),
        labels=texts_from_json(row["labels"]),
        superseded=bool(row["is_superseded"]),
        is_seen=bool(row["is_seen"]),
        likeness=row["likeness"],
    )


def _version(row: sqlite3.Row) -> VersionRow:
    return VersionRow(
        id=row["id"],
        page=row["page"],
        number=row["number"],
        rules_id=row["rules_id"],
        fingerprint=row["fingerprint"],
        text=text_from_columns(row),
        capture=row["capture"],
        profile=row["profile"],
        charset=row["charset"],
    )

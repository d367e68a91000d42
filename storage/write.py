"""Writing: everything one check found out goes into the database in one transaction, or not at all."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import StorageError
from core.grouping import likeness
from core.model import Capture, Decision, FetchFailure, NotModified, Outcome, PageState, Presence, Reading, SameAs
from storage.columns import fields_to_json, removed_to_json
from storage.database import BUSY_S, connect_reader, connect_writer, translated, version_of
from storage.marks import Marks
from storage.rows import BeforeCheck, Recorded
from storage.spells import Sighting
from storage.times import to_text, to_text_or_none
from storage.version import SCHEMA_VERSION

MOST_WAITS = 12
OnWait = Callable[[str], None]


class Transaction(Marks):
    """What may be written (and read) inside one transaction."""

    def record(
        self,
        page: int,
        before: BeforeCheck,
        outcome: Outcome,
        reading: Reading | SameAs | None,
        decision: Decision,
        at: datetime,
        next_due: datetime | None,
        failures: int = 0,
    ) -> Recorded:
        """Write one check and all that follows from it: capture, version, spell, page, change.

        `next_due` None leaves the time of the next check as it is. `failures` are those of the page in a row, with it.
        """
        capture, is_whole = before.head_capture if isinstance(outcome, NotModified) else None, False
        if isinstance(outcome, Capture):
            capture, is_whole = self._put_capture(page, outcome, before.bases)
        version = number = None
        head = decision.state.head
        if decision.fingerprint:
            assert reading is not None
            assert capture is not None
            if head is not None and (head.rules_id, head.fingerprint) == (reading.rules_id, decision.fingerprint):
                version, number = head.version, before.head_number
            else:
                version, number = self._put_version(page, reading, decision.text, decision.fingerprint, capture)
            self._see(page, reading.rules_id, Sighting(to_text(at), version, capture))
        elif reading is not None and decision.verdict.presence in (Presence.REMOVED, Presence.MOVED):
            self._see(page, reading.rules_id, Sighting(to_text(at), None, None))
        check = self._put_check(page, outcome, reading, decision, at, capture, version)
        columns = _presence_columns(decision.state, at) | {"failures": failures}
        if version is not None:
            columns |= {"head": version, "head_capture": capture}
        if next_due is not None:
            columns["next_due"] = to_text(next_due)
        self._update("page", page, columns)
        change = None
        if (is_whole or before.bases.host is None) and capture is not None and version is not None:
            self._put_frame(page, capture, version)
        if decision.change is not None:
            change = self._put_change(page, check, decision, version)
        return Recorded(check, capture, number, change)

    def reprocess(self, page: int, reading: Reading, decision: Decision, capture: int) -> None:
        """Move the head to what its capture says under other rules: a version and a spell beside the old ones."""
        assert decision.text is not None
        version, _ = self._put_version(page, reading, decision.text, decision.fingerprint, capture)
        rows = self._rows(
            """select received_at from capture where id = ?
            union select last_good_at from page where id = ? and last_good_at is not null order by 1""",
            capture,
            page,
        )
        for row in rows:
            self._see(page, reading.rules_id, Sighting(row[0], version, capture))
        self._update("page", page, {"head": version})

    def record_past(
        self, page: int, capture: Capture, reading: Reading | SameAs, decision: Decision, at: datetime
    ) -> Recorded:
        """Write a capture older than the page's newest check: neighbouring spells are made anew, nobody is alarmed.

        The head stays what was told, unless no fetch has yet shown the page: then the newest of such captures is
        what the first one that does is compared with.
        """
        before = self.before_check(page)
        kept, _ = self._put_capture(page, capture, before.bases)
        version = number = None
        if decision.fingerprint:
            version, number = self._put_version(page, reading, decision.text, decision.fingerprint, kept)
            self._see(page, reading.rules_id, Sighting(to_text(at), version, kept))
            if _is_untold(before.state, at):
                self._update("page", page, {"head": version, "head_capture": kept, "last_good_at": to_text(at)})
        check = self._put_check(page, capture, reading, decision, at, kept, version)
        return Recorded(check, kept, number, None)

    def _put_check(
        self,
        page: int,
        outcome: Outcome,
        reading: Reading | SameAs | None,
        decision: Decision,
        at: datetime,
        capture: int | None,
        version: int | None,
    ) -> int:
        failed = isinstance(outcome, FetchFailure)
        plain = "failure" if failed else "not-modified" if isinstance(outcome, NotModified) else "capture"
        return self._insert(
            "page_check",
            {
                "page": page,
                "at": to_text(at),
                "outcome": plain,
                "failure": outcome.kind if isinstance(outcome, FetchFailure) else "",
                "capture": capture,
                "quality": reading.quality.kind if reading else "",
                "rules_id": reading.rules_id if reading else "",
                "presence": decision.verdict.presence,
                "content": decision.verdict.content,
                "reason": decision.verdict.reason,
                "version": version,
                "removed": removed_to_json(reading.removed if reading else ()),
            },
        )

    def _put_change(self, page: int, check: int, decision: Decision, version: int | None) -> int:
        change, head = decision.change, decision.state.head
        assert change is not None
        seen_at = to_text(change.seen_at)
        number = self._insert(
            "change",
            {
                "page": page,
                "page_check": check,
                "kind": change.kind,
                "from_version": head.version if head else None,
                "to_version": version,
                "fields": fields_to_json(change.fields),
                "detail": change.detail,
                "last_good_at": to_text_or_none(change.last_good_at),
                "seen_at": seen_at,
                "likeness": _likeness(decision),
            },
        )
        for touched in change.fields:
            self._insert("change_field", {"field": touched.field, "seen_at": seen_at, "change": number})
        return number


def _likeness(decision: Decision) -> bytes:
    head, text, change = decision.state.head, decision.shown, decision.change
    if head is None or text is None or change is None:
        return b""
    return likeness(head.text, text, [field.field for field in change.fields])


class Store:
    """The one writing connection of a process."""

    def __init__(self, connection: sqlite3.Connection, path: Path, on_wait: OnWait | None = None) -> None:
        self._connection, self.path, self._on_wait = connection, path, on_wait

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Run a block in one transaction that takes the write lock at once; all of it is kept, or nothing.

        Raises StorageError where the lock is not to be had in time, or the disk refuses.
        """
        self._begin()
        try:
            transaction = Transaction(self._connection, self.path)
            yield transaction
            transaction.write_index()
            with translated(self.path):
                self._connection.execute("commit")
        except BaseException:
            with translated(self.path):
                self._connection.rollback()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """Let a block read one moment of the database, whatever others write or prune meanwhile."""
        with translated(self.path):
            self._connection.execute("begin")
        try:
            yield self.reading()
        finally:
            with translated(self.path):
                self._connection.rollback()

    def _begin(self) -> None:
        for waits in range(MOST_WAITS if self._on_wait else 0):
            try:
                self._connection.execute("begin immediate")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
            if self._on_wait and not waits:
                self._on_wait(f"another govwatch is writing to {self.path}; waiting for it")
        with translated(self.path):
            self._connection.execute("begin immediate")

    def reading(self) -> Transaction:
        """Return what reads outside of any transaction, on the same connection."""
        return Transaction(self._connection, self.path)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def open_store(path: Path, busy_s: float = BUSY_S, on_wait: OnWait | None = None) -> Iterator[Store]:
    """Open a database for writing, made where there is none, its tables brought up to date. Raises StorageError.

    Another writer is waited for `busy_s`; with `on_wait`, which is told so in words, `MOST_WAITS` times more.
    """
    if not path.parent.is_dir():
        raise StorageError(
            f"database {path}: the folder {path.parent} does not exist; make it, or give another file with --db"
        )
    with translated(path):
        connection = connect_writer(path, busy_s)
    store = Store(connection, path, on_wait)
    try:
        with translated(path):
            if version_of(connection) < SCHEMA_VERSION:
                _bring_up_to_date(store, connection, on_wait)
        yield store
    finally:
        store.close()


def _bring_up_to_date(store: Store, connection: sqlite3.Connection, on_wait: OnWait | None) -> None:
    # Of use once per release; loading sqlite-utils takes 70 ms, a seventh of what a crawl takes to start.
    from sqlite_utils import Database

    from storage.schema import migrations

    db = Database(connection, execute_plugins=False)
    if on_wait and migrations.applied(db):
        on_wait(f"{store.path} is of an older govwatch: bringing it up to date; a large one takes minutes")
    # A table that others refer to can only be made anew while nothing holds them to it.
    connection.execute("pragma foreign_keys = off")
    with store.transaction():
        migrations.apply(db)
    connection.execute("pragma foreign_keys = on")


@contextmanager
def open_reading(path: Path) -> Iterator[Transaction]:
    """Open a database for what is read while another process writes it, in any one thread. Raises StorageError."""
    with translated(path):
        connection = connect_reader(path, check_same_thread=False)
    try:
        yield Transaction(connection, path)
    finally:
        connection.close()


def _is_untold(state: PageState, at: datetime) -> bool:
    """Whether nothing, or only what was imported and is no newer than `at`, is known of what the page shows."""
    return state.head is None or (state.presence is Presence.UNKNOWN and (state.last_good_at or at) <= at)


def _presence_columns(state: PageState, at: datetime) -> dict[str, Any]:
    return {
        "presence": state.presence,
        "last_check_at": to_text(at),
        "last_good_at": to_text_or_none(state.last_good_at),
        "absent_as": state.absent_as,
        "absent_count": state.absent_count,
        "absent_since": to_text_or_none(state.absent_since),
    }

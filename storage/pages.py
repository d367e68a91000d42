"""Writing which pages there are: added, changed, paused, retired, due; and what is known of one before a check."""

import sqlite3
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.model import Head, PageState, Presence
from storage.columns import text_from_json, to_json
from storage.database import translated
from storage.read import Reader
from storage.rows import PageDraft
from storage.times import from_text_or_none, to_text


class Pages(Reader):
    """The part of a transaction that writes pages."""

    def put_page(self, draft: PageDraft, now: datetime) -> int:
        """Add a page, or give a known one what the draft says and make it active again; return its number.

        A page that is scheduled from now on is due at once; one that was scheduled before keeps its time
        unless its schedule differs. A paused page stays paused.
        """
        columns = asdict(draft) | {"labels": to_json(draft.labels), "watch": to_json(draft.watch)}
        known = self._rows("select id, scheduled, schedule, status from page where url = ?", draft.url)
        if not known:
            due = to_text(now) if draft.scheduled else None
            return self._insert("page", columns | {"added_at": to_text(now), "next_due": due})
        row = known[0]
        as_before = row["scheduled"] and row["schedule"] == draft.schedule and row["status"] != "retired"
        columns["status"] = "paused" if row["status"] == "paused" else "active"
        if draft.scheduled and not as_before:
            columns["next_due"] = to_text(now)
        self._update("page", row["id"], columns)
        return int(row["id"])

    def set_status(self, page: int, status: str) -> None:
        """Make a page `active`, `paused` or `retired`."""
        self._update("page", page, {"status": status})

    def set_next_due(self, page: int, at: datetime | None) -> None:
        """Say when a page is next to be checked."""
        self._update("page", page, {"next_due": to_text(at) if at else None})

    def retire_missing(self, urls: Collection[str]) -> None:
        """Retire the pages of the configuration that it no longer lists; their history stays."""
        for row in self._rows("select id, url from page where origin = 'config' and status <> 'retired'"):
            if row["url"] not in urls:
                self.set_status(row["id"], "retired")

    def state(self, page: int) -> PageState:
        """Return what is known of a page before a check."""
        (state,) = self._read(
            _state,
            """select page.*, version.fingerprint, version.rules_id, version.text
            from page left join version on version.id = page.head where page.id = ?""",
            page,
        )
        return state

    def last_check_at(self, page: int) -> datetime | None:
        """Return when the newest check of a page was kept."""
        (row,) = self._rows("select last_check_at from page where id = ?", page)
        return from_text_or_none(row["last_check_at"])

    def shown_at(self, page: int, rules_id: str, at: datetime) -> Head | None:
        """Return the version that the page was last seen to show at a time or before, under these rules."""
        found = self._read(
            lambda row: Head(row["id"], row["fingerprint"], row["rules_id"], text_from_json(row["text"])),
            """select version.* from spell join version on version.id = spell.version
            where spell.page = ? and spell.rules_id = ? and first_seen_at <= ?
            order by first_seen_at desc, spell.id desc limit 1""",
            page,
            rules_id,
            to_text(at),
        )
        return found[0] if found else None

    def _insert(self, table: str, columns: dict[str, Any]) -> int:
        with translated(self._path):
            names = ", ".join(columns)
            marks = ", ".join("?" * len(columns))
            sql = f"insert into {table} ({names}) values ({marks})"
            return int(self._connection.execute(sql, list(columns.values())).lastrowid or 0)

    def _update(self, table: str, row: int, columns: dict[str, Any]) -> None:
        with translated(self._path):
            names = ", ".join(f"{name} = ?" for name in columns)
            self._connection.execute(f"update {table} set {names} where id = ?", [*columns.values(), row])


def _state(row: sqlite3.Row) -> PageState:
    head = None
    if row["head"] is not None:
        head = Head(row["head"], row["fingerprint"], row["rules_id"], text_from_json(row["text"]))
    return PageState(
        presence=Presence(row["presence"]),
        head=head,
        last_good_at=from_text_or_none(row["last_good_at"]),
        absent_as=Presence(row["absent_as"]) if row["absent_as"] else None,
        absent_count=row["absent_count"],
        absent_since=from_text_or_none(row["absent_since"]),
    )

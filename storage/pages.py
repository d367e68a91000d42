"""Writing which pages there are: added, changed, paused, retired, due; and what is known of one before a check."""

import sqlite3
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from core.hosts import HostState, host_of
from core.model import Head, PageState, Presence
from storage.claims import Claims
from storage.columns import text_from_columns, to_json
from storage.database import translated
from storage.finding import about_page
from storage.read import JOIN_BASE
from storage.rows import PageDraft, Timing
from storage.times import from_text_or_none, to_text, to_text_or_none

FIRST_CHECK_WITHIN = timedelta(days=1)
"""A page that is watched from now on must have its first good check within this time, or that is told."""


class Pages(Claims):
    """The part of a transaction that writes pages."""

    def put_page(self, draft: PageDraft, now: datetime) -> int:
        """Add a page, or give a known one what the draft says and make it active again; return its number.

        A page that is scheduled from now on is due at once; one that was scheduled before keeps its time
        unless its schedule differs. A paused page stays paused.
        """
        columns = asdict(draft) | {"labels": to_json(draft.labels), "watch": to_json(draft.watch)}
        known = self._rows("select * from page where url = ?", draft.url)
        if not known:
            due = to_text(now) if draft.scheduled else None
            columns |= {"host": host_of(draft.url), "added_at": to_text(now), "next_due": due}
            page = self._insert("page", columns)
            self.index(page, about_page(draft.url, draft.name, draft.labels))
            self.watch_from(page, now)
            return page
        row = known[0]
        as_before = row["scheduled"] and row["schedule"] == draft.schedule and row["status"] != "retired"
        columns["status"] = "paused" if row["status"] == "paused" else "active"
        if draft.scheduled and not as_before:
            columns["next_due"] = to_text(now)
            self.watch_from(row["id"], now)
        # Most configurations are read again as they were: a million pages written anew would take minutes.
        if any(row[name] != value for name, value in columns.items()):
            self._update("page", row["id"], columns)
            self.index(row["id"], about_page(draft.url, draft.name, draft.labels))
        return int(row["id"])

    def watch_from(self, page: int, now: datetime) -> None:
        """Let the time without a good check count from now on: a page was not ill while nobody looked."""
        at = {"well_at": to_text(now), "stale_at": to_text(now + FIRST_CHECK_WITHIN)}
        self._upsert("health", {"page": page} | at)

    def set_status(self, page: int, status: str) -> None:
        """Make a page `active`, `paused` or `retired`."""
        self._update("page", page, {"status": status})

    def set_next_due(self, page: int, at: datetime | None) -> None:
        """Say when a page is next to be checked."""
        self._update("page", page, {"next_due": to_text_or_none(at)})

    def bring_forward(self, schedule: str, latest: datetime, at: datetime) -> int:
        """Make the pages of a schedule that are due after `latest` due at `at`; return how many."""
        return self._change(
            "update page set next_due = ? where schedule = ? and next_due > ?", to_text(at), schedule, to_text(latest)
        )

    def put_off(self, host: str, schedule: str, now: datetime, until: datetime, limit: int) -> int:
        """Let at most so many due pages of a host and a schedule be due at `until`; return how many.

        Of those that were not checked since they are watched the time without a good check counts from then on.
        """
        rows = self._rows(
            """select id, last_check_at is null or last_check_at < well_at as is_new
            from page left join health on health.page = page.id
            where host = ? and schedule = ? and status = 'active' and scheduled = 1 and next_due <= ? limit ?""",
            host,
            schedule,
            to_text(now),
            limit,
        )
        for row in rows:
            if row["is_new"]:
                self.watch_from(row["id"], until)
        return self._change(
            "update page set next_due = ? where id in (select value from json_each(?))",
            to_text(until),
            to_json([row["id"] for row in rows]),
        )

    def release_hosts(self, latest: datetime) -> int:
        """End the wait of the hosts that are not to be asked until after `latest`; return how many."""
        return self._change("update host set not_before = '' where not_before > ?", to_text(latest))

    def retire_missing(self, urls: Collection[str]) -> None:
        """Retire the pages of the configuration that it no longer lists; their history stays."""
        with translated(self._path):
            kept = self._connection.execute("select id, url from page where origin = 'config' and status <> 'retired'")
            dropped = [row["id"] for row in kept if row["url"] not in urls]
        for page in dropped:
            self.set_status(page, "retired")

    def timing(self, page: int) -> Timing:
        """Return what says when a page is next checked."""
        (timing,) = self._read(
            lambda row: Timing(bool(row["scheduled"]), row["schedule"], row["page_failures"], _host(row)),
            """select schedule, scheduled, page.failures as page_failures, host.*
            from page join host on host.name = page.host where page.id = ?""",
            page,
        )
        return timing

    def put_host(self, name: str, state: HostState) -> None:
        """Keep how a host does."""
        columns = {
            "failures": state.failures,
            "not_before": to_text(state.not_before) if state.not_before else "",
            "last_error": state.last_error,
            "failed_at": to_text_or_none(state.failed_at),
        }
        self._update("host", name, columns, key="name")

    def state(self, page: int) -> PageState:
        """Return what is known of a page before a check."""
        (state,) = self._read(
            _state,
            f"""select page.*, version.fingerprint, version.rules_id, version.text, base.text as base_text
            from page left join version on version.id = page.head {JOIN_BASE} where page.id = ?""",
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
            lambda row: Head(row["id"], row["fingerprint"], row["rules_id"], text_from_columns(row)),
            f"""select version.*, base.text as base_text
            from spell join version on version.id = spell.version {JOIN_BASE}
            where spell.page = ? and spell.rules_id = ? and first_seen_at <= ?
            order by first_seen_at desc, spell.id desc limit 1""",
            page,
            rules_id,
            to_text(at),
        )
        return found[0] if found else None

    def _change(self, sql: str, *values: object) -> int:
        with translated(self._path):
            return self._connection.execute(sql, values).rowcount

    def _insert(self, table: str, columns: dict[str, Any]) -> int:
        with translated(self._path):
            names = ", ".join(columns)
            marks = ", ".join("?" * len(columns))
            sql = f"insert into {table} ({names}) values ({marks})"
            return int(self._connection.execute(sql, list(columns.values())).lastrowid or 0)

    def _upsert(self, table: str, columns: dict[str, Any]) -> None:
        """Write a row whose key is the first of the columns; those not given stay as they are."""
        with translated(self._path):
            names, (key, *_) = ", ".join(columns), columns
            marks = ", ".join("?" * len(columns))
            sets = ", ".join(f"{name} = excluded.{name}" for name in columns)
            sql = f"insert into {table} ({names}) values ({marks}) on conflict ({key}) do update set {sets}"
            self._connection.execute(sql, list(columns.values()))

    def _update(self, table: str, row: int | str, columns: dict[str, Any], key: str = "id") -> None:
        with translated(self._path):
            names = ", ".join(f"{name} = ?" for name in columns)
            self._connection.execute(f"update {table} set {names} where {key} = ?", [*columns.values(), row])


def _host(row: sqlite3.Row) -> HostState:
    return HostState(
        failures=row["failures"],
        not_before=from_text_or_none(row["not_before"] or None),
        last_error=row["last_error"],
        failed_at=from_text_or_none(row["failed_at"]),
    )


def _state(row: sqlite3.Row) -> PageState:
    head = None
    if row["head"] is not None:
        head = Head(row["head"], row["fingerprint"], row["rules_id"], text_from_columns(row))
    return PageState(
        presence=Presence(row["presence"]),
        head=head,
        last_good_at=from_text_or_none(row["last_good_at"]),
        absent_as=Presence(row["absent_as"]) if row["absent_as"] else None,
        absent_count=row["absent_count"],
        absent_since=from_text_or_none(row["absent_since"]),
    )

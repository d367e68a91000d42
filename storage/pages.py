"""Writing which pages there are: added, changed, paused, retired, due; and what is known of one before a check."""

import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from msgspec.structs import asdict

from core.errors import StorageError
from core.health import Health
from core.hosts import HostState, host_of
from core.model import Head, NormalText, PageState, Presence
from storage.claims import Claims
from storage.columns import text_from_columns, texts_to_json, to_json
from storage.database import translated
from storage.finding import about_page
from storage.read import JOIN_BASE
from storage.rows import Bases, BeforeCheck, PageDraft
from storage.times import from_text_or_none, to_text, to_text_or_none

_BEFORE_CHECK = """select page.head, version.fingerprint, version.rules_id,
        page.presence, page.last_good_at, page.absent_as, page.absent_count, page.absent_since,
        version.number, page.head_capture, page.last_check_at, page.scheduled, page.schedule, page.failures,
        host.failures, host.not_before, host.last_error, host.failed_at,
        well_at, stale_at, bad_checks, bad_since, is_failing, is_stale,
        page.url, head.body, host.frame, host.header_frame, frame.headers
    from page join host on host.name = page.host left join version on version.id = page.head
        left join health on health.page = page.id left join capture as head on head.id = page.head_capture
        left join capture as frame on frame.id = host.header_frame where page.id = ?"""
FIRST_CHECK_WITHIN = timedelta(days=1)
"""A page that is watched from now on must have its first good check within this time, or that is told."""


class Pages(Claims):
    """The part of a transaction that writes pages."""

    _last_text: tuple[int, NormalText] | None = None

    def put_page(self, draft: PageDraft, now: datetime) -> int:
        """Add a page, or give a known one what the draft says and make it active again; return its number.

        A page that is scheduled from now on is due at once; one that was scheduled before keeps its time
        unless its schedule differs. A paused page stays paused.
        """
        with translated(self._path):
            columns = asdict(draft) | {"labels": texts_to_json(draft.labels), "watch": texts_to_json(draft.watch)}
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
        if [row[name] for name in columns] != list(columns.values()):
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

    def put_host(self, name: str, state: HostState) -> None:
        """Keep how a host does."""
        columns = {
            "failures": state.failures,
            "not_before": to_text(state.not_before) if state.not_before else "",
            "last_error": state.last_error,
            "failed_at": to_text_or_none(state.failed_at),
        }
        self._update("host", name, columns, key="name")

    def before_check(self, page: int) -> BeforeCheck:
        """Return what is known of a page before a check. Raises StorageError where there is no such page."""
        rows = self._rows(_BEFORE_CHECK, page)
        if not rows:
            raise StorageError(f"database {self._path}: there is no page {page}")
        return self._value(self._before_check, rows[0])

    def _before_check(self, row: sqlite3.Row) -> BeforeCheck:
        # By place: to look each of so many columns up by its name took twice as long.
        number, capture, checked_at, is_scheduled, schedule, failures = row[8:14]
        return BeforeCheck(
            state=_state(self._head(*row[:3]) if row[0] is not None else None, *row[3:8]),
            head_number=number,
            head_capture=capture,
            last_check_at=from_text_or_none(checked_at),
            is_scheduled=bool(is_scheduled),
            schedule=schedule,
            failures=failures,
            host=_host(*row[14:18]),
            health=_health(*row[18:24]),
            bases=Bases(*row[24:]),
        )

    def _head(self, version: int, fingerprint: bytes, rules_id: str) -> Head:
        return Head(version, fingerprint, rules_id, partial(self._text, version))

    def _text(self, version: int) -> NormalText:
        """Return the text of a version; the last one is at hand, since a check that compares it asks more than once."""
        if self._last_text is None or self._last_text[0] != version:
            sql = f"select version.text, base.text as base_text from version {JOIN_BASE} where version.id = ?"
            (text,) = self._read(text_from_columns, sql, version)
            self._last_text = version, text
        return self._last_text[1]

    def shown_at(self, page: int, rules_id: str, at: datetime) -> Head | None:
        """Return the version that the page was last seen to show at a time or before, under these rules."""
        found = self._rows(
            """select version.id, version.fingerprint, version.rules_id
            from spell join version on version.id = spell.version
            where spell.page = ? and spell.rules_id = ? and first_seen_at <= ?
            order by first_seen_at desc, spell.id desc limit 1""",
            page,
            rules_id,
            to_text(at),
        )
        return self._head(*found[0]) if found else None

    def _change(self, sql: str, *values: object) -> int:
        return self._execute(sql, values).rowcount

    def _insert(self, table: str, columns: dict[str, Any]) -> int:
        return int(self._execute(_insert(table, *columns), tuple(columns.values())).lastrowid or 0)

    def _upsert(self, table: str, columns: dict[str, Any]) -> None:
        """Write a row whose key is the first of the columns; those not given stay as they are."""
        self._execute(_upsert(table, *columns), tuple(columns.values()))

    def _update(self, table: str, row: int | str, columns: dict[str, Any], key: str = "id") -> None:
        self._execute(_update(table, key, *columns), (*columns.values(), row))


# Kept: to join the names anew took 8 µs a statement, 40 a check.


@cache
def _insert(table: str, *columns: str) -> str:
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"


@cache
def _upsert(table: str, *columns: str) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return f"{_insert(table, *columns)} on conflict ({columns[0]}) do update set {sets}"


@cache
def _update(table: str, key: str, *columns: str) -> str:
    return f"update {table} set {', '.join(f'{name} = ?' for name in columns)} where {key} = ?"


def _state(
    head: Head | None, presence: str, good_at: str | None, absent_as: str | None, count: int, since: str | None
) -> PageState:
    absent = Presence(absent_as) if absent_as else None
    return PageState(Presence(presence), head, from_text_or_none(good_at), absent, count, from_text_or_none(since))


def _host(failures: int, not_before: str, last_error: str, failed_at: str | None) -> HostState:
    return HostState(failures, from_text_or_none(not_before or None), last_error, from_text_or_none(failed_at))


def _health(
    well_at: str | None, stale_at: str | None, bad: int | None, since: str | None, is_failing: int, is_stale: int
) -> Health:
    if bad is None:
        return Health()
    times = from_text_or_none(well_at), from_text_or_none(stale_at)
    return Health(*times, bad, from_text_or_none(since), bool(is_failing), bool(is_stale))

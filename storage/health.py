"""Writing the health of pages: what is known of each, and what of it was told."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from core.health import Health, HealthKind
from storage.outbox import Outbox
from storage.times import from_text, from_text_or_none, to_text, to_text_or_none


class HealthRow(Struct, frozen=True):
    """One health notice. `since`: the first bad check or, where there was none, the last good one."""

    id: int
    page: int
    name: str
    url: str
    title: str
    kind: HealthKind
    at: datetime
    host: str
    bad_checks: int
    since: datetime | None
    reason: str


class HealthBook(Outbox):
    """The part of a transaction that keeps the health of pages."""

    def put_health(self, page: int, health: Health, late_s: int | None = None) -> None:
        """Keep what is known of a page's health, and how late its check was; None leaves that as it is."""
        values = {
            "page": page,
            "well_at": to_text_or_none(health.well_at),
            "stale_at": to_text_or_none(health.stale_at),
            "bad_checks": health.bad_checks,
            "bad_since": to_text_or_none(health.bad_since),
            "is_failing": health.is_failing,
            "is_stale": health.is_stale,
        }
        self._upsert("health", values if late_s is None else values | {"late_s": late_s})

    def put_notice(self, page: int, kind: HealthKind, before: Health, host: str, reason: str, now: datetime) -> int:
        """Keep what is told of a page's health; `before` is the trouble it tells of."""
        return self._insert(
            "health_notice",
            {
                "page": page,
                "kind": kind,
                "at": to_text(now),
                "host": host,
                "bad_checks": before.bad_checks,
                "since": to_text_or_none(before.bad_since or before.well_at),
                "reason": reason,
            },
        )

    def turned_stale(self, now: datetime, most: int) -> list[int]:
        """Return at most so many pages whose time without a good check is over its limit and not yet told."""
        rows = self._rows(
            """select page from health join page on page.id = health.page
            where stale_at <= ? and is_stale = 0 and status = 'active' and scheduled = 1
                and presence not in ('removed', 'moved') order by stale_at limit ?""",
            to_text(now),
            most,
        )
        return [row["page"] for row in rows]

    def last_told(self, channel: str, host: str, is_recovery: bool) -> tuple[datetime, datetime | None] | None:
        """Return until when the newest notice of a host waits for a channel, and when its delivery was made."""
        rows = self._rows(
            """select not_before, made_at from health_notice
            join outbox on outbox.health = health_notice.id and outbox.channel = ?
            left join delivery on delivery.id = outbox.delivery
            where host = ? and (kind = 'recovered') = ? order by health_notice.id desc limit 1""",
            channel,
            host,
            is_recovery,
        )
        return (from_text(rows[0]["not_before"]), from_text_or_none(rows[0]["made_at"])) if rows else None

    def notices(self, numbers: Sequence[int]) -> list[HealthRow]:
        """Return health notices by their numbers, oldest first."""
        return self._read(
            _notice,
            f"""select health_notice.*, page.name, page.url, version.title
            from health_notice join page on page.id = health_notice.page left join version on version.id = page.head
            where health_notice.id in ({",".join("?" * len(numbers))}) order by health_notice.id""",
            *numbers,
        )


def _notice(row: sqlite3.Row) -> HealthRow:
    return HealthRow(
        id=row["id"],
        page=row["page"],
        name=row["name"],
        url=row["url"],
        title=row["title"] or "",
        kind=HealthKind(row["kind"]),
        at=from_text(row["at"]),
        host=row["host"],
        bad_checks=row["bad_checks"],
        since=from_text_or_none(row["since"]),
        reason=row["reason"],
    )

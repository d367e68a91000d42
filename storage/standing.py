"""Reading how the watch stands: which pages are overdue, how their hosts do, and how old their good captures are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from storage.counts import OVERDUE_AFTER
from storage.database import translated
from storage.overview import Overview
from storage.read import open_reader
from storage.times import from_text, from_text_or_none, to_text


class Overdue(Struct, frozen=True):
    """A page that was not checked although it was due."""

    page: int
    name: str
    url: str
    title: str
    host: str
    since: datetime


class HostStanding(Struct, frozen=True):
    """How a host does: what failed last, and when it is asked again where it is left alone (else None)."""

    host: str
    pages: int
    failures: int
    not_before: datetime | None
    last_error: str
    failed_at: datetime | None


class Standing(Overview):
    """A reader that also knows how the watch stands."""

    def overdue(self, now: datetime, limit: int) -> list[Overdue]:
        """Return the pages that are overdue, the longest first."""
        return self._read(
            lambda row: Overdue(
                row["id"], row["name"], row["url"], row["title"] or "", row["host"], from_text(row["next_due"])
            ),
            """select page.id, page.name, url, version.title, host, next_due from (
                select page.id, next_due from host
                cross join page on page.host = host.name and priority in (0, 1, 2)
                where due_at <= ?1 and next_due <= ?1 and status = 'active' and scheduled = 1
                order by next_due, page.id limit ?2) as overdue
            join page using (id, next_due) left join version on version.id = page.head
            order by next_due, page.id""",
            to_text(now - OVERDUE_AFTER),
            limit,
        )

    def failing_hosts(self, now: datetime, since: datetime) -> list[HostStanding]:
        """Return the hosts that are left alone, longest first, then those that failed since a time, newest first."""
        return self._read(
            lambda row: HostStanding(
                row["name"],
                row["pages"],
                row["failures"],
                from_text_or_none(row["until"]),
                row["last_error"],
                from_text_or_none(row["failed_at"]),
            ),
            """select name, failures, last_error, failed_at, case when not_before > ?1 then not_before end as until,
                (select count(*) from page where host = host.name and status = 'active' and scheduled = 1) as pages
            from host where not_before > ?1 or failed_at >= ?2
            order by until desc, failed_at desc, name""",
            to_text(now),
            to_text(since),
        )

    def good_ages(self, now: datetime) -> dict[int, int | None]:
        """Return for each active page how many seconds ago it was last seen well; None: never."""
        sql = "select id, unixepoch(?) - unixepoch(last_good_at) as age_s from page where status = 'active' order by id"
        return {row["id"]: row["age_s"] for row in self._rows(sql, to_text(now))}


@contextmanager
def open_standing(path: Path) -> Iterator[Standing]:
    """Open a database for reading only, as it stands at the first read. Raises StorageError."""
    with open_reader(path) as reader:
        with translated(path):
            reader._connection.execute("begin")
        yield Standing(reader._connection, path)

"""Whose turn it is: the due pages that are taken up next, a few of each host, so that none waits for another."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from storage.indexing import Indexing
from storage.rows import PageRow
from storage.times import from_text, to_text

MOST_OF_A_HOST = 8
"""So many pages of a host are under way at once; its own delay is kept by the crawler, one after the other."""

_OPEN_HOSTS = "select name, failures from host where opens_at <= ? order by opens_at limit ?"
_FIRST_OF_HOST = " union all ".join(
    "select * from (select id from page where host = ?1 and status = 'active' and scheduled = 1"
    f" and priority = {priority} and next_due <= ?2 order by next_due limit ?3)"
    for priority in range(3)
)


class Claims(Indexing):
    """The part of a transaction that says what is due.

    A claim writes nothing: what is under way is known to the one daemon alone, so that all of it is due again
    if that dies.
    """

    def resting(self, hosts: Collection[str], now: datetime) -> set[str]:
        """Return which of the hosts are in back-off."""
        marks = ",".join("?" * len(hosts))
        rows = self._rows(f"select name from host where name in ({marks}) and not_before > ?", *hosts, to_text(now))
        return {row["name"] for row in rows}

    def watched(self) -> int:
        """Return how many pages are checked on a schedule."""
        return int(self._rows("select count(*) from page where status = 'active' and scheduled = 1")[0][0])

    def next_pages(self, limit: int) -> list[PageRow]:
        """Return the pages on a schedule that are due first."""
        sql = "select id from page where status = 'active' and scheduled = 1 order by next_due, id limit ?"
        return self.pages_by_number([row["id"] for row in self._rows(sql, limit)])

    def watched_hosts(self) -> int:
        """Return how many hosts have pages that are checked on a schedule."""
        return int(self._rows("select count(*) from host where due_at is not null")[0][0])

    def schedules(self) -> list[tuple[str, int]]:
        """Return each schedule with how many pages have it."""
        rows = self._rows(
            "select schedule, count(*) from page where status = 'active' and scheduled = 1 group by schedule"
        )
        return [(row[0], row[1]) for row in rows]

    def latest_due(self) -> list[tuple[str, datetime]]:
        """Return each schedule with the latest time at which a page of it is due."""
        rows = self._rows(
            """select schedule, max(next_due) as due from page
            where status = 'active' and scheduled = 1 and next_due is not null group by schedule"""
        )
        return [(row["schedule"], from_text(row["due"])) for row in rows]

    def claim(self, now: datetime, most: int, under_way: Collection[PageRow]) -> list[PageRow]:
        """Return at most so many due pages besides those under way.

        First comes one page of each host that has none under way, then a second one of each, and so on; hosts by how
        long they have been due, pages of one host by priority and then by how long. A host in back-off is left out;
        of one that failed last, one page is taken, to see whether it is back.
        """
        at = to_text(now)
        taken = Counter(page.host for page in under_way)
        busy = {page.id for page in under_way}
        turns: list[tuple[int, int, int]] = []
        # A host under way may have nothing more that is due, so that many more are looked at.
        hosts = self._rows(_OPEN_HOSTS, at, most + len(taken))
        share = 1 + most // max(len(hosts), 1)
        for order, host in enumerate(hosts):
            held = taken[host["name"]]
            places = 1 if host["failures"] else min(held + share, MOST_OF_A_HOST)
            if places > held:
                first = self._rows(_FIRST_OF_HOST, host["name"], at, places + held)
                free = [row["id"] for row in first if row["id"] not in busy]
                turns += [(turn, order, page) for turn, page in zip(range(held, places), free, strict=False)]
        return self.pages_by_number([page for _, _, page in sorted(turns)[:most]])

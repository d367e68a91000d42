"""Reading over all pages at once, for the overview: coverage, pages in trouble, days with changes, texts to search."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from core.model import Content
from storage.choosing import Choosing
from storage.columns import to_json
from storage.counts import IN_TROUBLE, Counts
from storage.database import translated
from storage.finding import Finding, fold, matching, words_of
from storage.read import open_reader
from storage.rows import ChangeRow, PageRow, VersionRow
from storage.times import from_text, from_text_or_none

_LATEST_CHECK = "(select id from page_check where page_check.page = page.id order by at desc, id desc limit 1)"
_HAS = """instr(folded(page.url || char(10) || page.name || page.labels || coalesce(
    (select title from version where version.id = page.head), '')), ?) > 0"""
_COUNTED = 1_000
"""So many pages with words in title, address, name or labels are counted: 10 ms."""
_KIND = "coalesce(nullif(last.failure, ''), last.quality)"


class Trouble(Struct, frozen=True):
    """A page whose latest check was not good, with the reason; `at` is None where it was never checked.

    `kind`: the quality of its latest capture, or how the fetch failed. `bad_checks` are in a row; `told` is what was
    told of it by a health notice: `failing`, `stale`, both, or nothing.
    """

    page: int
    name: str
    url: str
    title: str
    at: datetime | None
    last_good_at: datetime | None
    reason: str
    kind: str
    bad_checks: int
    told: tuple[str, ...]


class Tally(Struct, frozen=True):
    """How often a page has changed, and when last."""

    changes: int
    last_at: datetime


class Listed(Struct, frozen=True):
    """How many pages there are of those asked for (or more, where `is_more`), and some of them in order."""

    pages: int
    is_more: bool
    lines: list[tuple[PageRow, Tally | None]]


class Stretch(Struct, frozen=True):
    """Checks in a row that found a page in one state: `good`, `unknown`, `removed` or `moved`."""

    state: str
    first_at: datetime
    last_at: datetime
    checks: int


class Queue(Struct, frozen=True):
    """What is on its way to one channel: what waits to be told, deliveries not taken yet, and those given up."""

    channel: str
    waiting: int
    pending: int
    failed: int
    error: str


class Overview(Choosing, Finding, Counts):
    """A reader that also knows the whole."""

    def troubles(self, limit: int = -1) -> list[Trouble]:
        """Return the active pages without a good check, or whose latest was none, longest in trouble first.

        A page that is told as removed or moved is in no trouble: what there is to know of it is known.
        """
        return self._read(
            _trouble,
            # Titles are looked up of those alone that are asked for: of 5,000 in trouble that took 150 ms.
            f"""select page.id, page.name, page.url, page.last_check_at, page.last_good_at,
                version.title, last.reason, {_KIND} as kind,
                bad_checks, is_failing, is_stale
            from (select id from page where {IN_TROUBLE} order by last_good_at, id limit ?) as troubled
            join page on page.id = troubled.id left join version on version.id = page.head
            left join health on health.page = page.id left join page_check as last on last.id = {_LATEST_CHECK}
            order by page.last_good_at, page.id""",
            limit,
        )

    def trouble_kinds(self) -> dict[str, int]:
        """Return how many pages are in trouble of which kind, the most frequent first; empty: not checked yet."""
        rows = self._rows(
            f"""select coalesce({_KIND}, '') as kind, count(*) as pages
            from page left join page_check as last on last.id = {_LATEST_CHECK}
            where page.id in (select id from page where {IN_TROUBLE}) group by 1 order by 2 desc, 1"""
        )
        return {row["kind"]: row["pages"] for row in rows}

    def queues(self) -> list[Queue]:
        """Return what is on its way to each channel that ever had something, with the error of its last failed try."""
        return self._read(
            lambda row: Queue(row["channel"], row["waiting"], row["pending"], row["failed"], row["error"] or ""),
            """select channel,
                (select count(*) from outbox where outbox.channel = all_of.channel and delivery is null) as waiting,
                (select count(*) from delivery
                    where delivery.channel = all_of.channel and state = 'pending') as pending,
                (select count(*) from delivery
                    where delivery.channel = all_of.channel and state = 'failed') as failed,
                (select error from delivery where delivery.channel = all_of.channel and state <> 'sent' and error <> ''
                    order by id desc limit 1) as error
            from (select channel from delivery union select channel from outbox where delivery is null) as all_of
            order by channel""",
        )

    def newest_change(self) -> int:
        """Return the number of the change that was told last, 0 where there is none."""
        (row,) = self._rows("select coalesce(max(id), 0) as newest from change")
        return int(row["newest"])

    def listed(self, asked: str, limit: int, offset: int = 0) -> Listed:
        """Return pages that have all the words in title, address, name or labels.

        Those that changed last come first, those that are not watched any more last.
        """
        words = words_of(asked)
        if not words:
            return Listed(self.count("page"), False, self._with_tallies(self._in_order("1", (), limit, offset)))
        most = max(offset + limit, _COUNTED)
        found = self._with_words(words, most + 1)
        return Listed(len(found), len(found) > most, self._with_tallies(found[offset : offset + limit]))

    def _with_words(self, words: list[str], most: int) -> list[int]:
        """Return pages by number: where the index knows few that have the words anywhere, looked for among those."""
        where, values = " and ".join([_HAS] * len(words)), list[object](words)
        sql = "select rowid from page_words where page_words match ? limit ?"
        few = [row["rowid"] for row in self._rows(sql, matching(words), _COUNTED)]
        if len(few) < _COUNTED:
            where, values = f"id in (select value from json_each(?)) and {where}", [to_json(few), *words]
        return self._in_order(where, values, most, 0)

    def _in_order(self, where: str, values: Sequence[object], limit: int, offset: int) -> list[int]:
        sql = f"select id from page where {where} order by status = 'retired', changed_at desc, id limit ? offset ?"
        return [row["id"] for row in self._rows(sql, *values, limit, offset)]

    def _with_tallies(self, numbers: Sequence[int]) -> list[tuple[PageRow, Tally | None]]:
        tallies = self._tallies(numbers)
        return [(page, tallies.get(page.id)) for page in self.pages_by_number(numbers)]

    def _tallies(self, pages: Sequence[int]) -> dict[int, Tally]:
        rows = self._rows(
            """select page, count(*) as changes, max(seen_at) as last_at from change
            where page in (select value from json_each(?)) group by page""",
            to_json(list(pages)),
        )
        return {row["page"]: Tally(row["changes"], from_text(row["last_at"])) for row in rows}

    def stretches(self, page: int) -> list[Stretch]:
        """Return the checks of a page in time, those in a row that found the same state as one."""
        return self._read(
            lambda row: Stretch(row["state"], from_text(row["first_at"]), from_text(row["last_at"]), row["checks"]),
            """select state, min(at) as first_at, max(last_at) as last_at, sum(checks) as checks from (
                select at, last_at, checks, state, row_number() over (order by at, id)
                    - row_number() over (partition by state order by at, id) as island
                from (select id, at, coalesce(last_at, at) as last_at, checks,
                        case when content <> ? then 'good' else presence end as state
                    from page_check where page = ?))
            group by state, island order by first_at""",
            Content.NONE,
            page,
        )

    def change(self, change: int) -> ChangeRow | None:
        """Return one change by its number."""
        found = self.changes_by_number([change])
        return found[0] if found else None

    def lengths(self, page: int) -> dict[int, int]:
        """Return how long the body of each version of a page is, in letters."""
        rows = self._rows("select number, letters from version where page = ?", page)
        return {row["number"]: row["letters"] for row in rows}

    def versions(self, page: int, numbers: Collection[int]) -> dict[int, VersionRow]:
        """Return versions of a page by number."""
        found = (self.version(page, number) for number in sorted(numbers))
        return {version.number: version for version in found if version}


def _trouble(row: sqlite3.Row) -> Trouble:
    return Trouble(
        page=row["id"],
        name=row["name"],
        url=row["url"],
        title=row["title"] or "",
        at=from_text_or_none(row["last_check_at"]),
        last_good_at=from_text_or_none(row["last_good_at"]),
        reason=row["reason"] or "",
        kind=row["kind"] or "",
        bad_checks=row["bad_checks"] or 0,
        told=tuple(kind for kind in ("failing", "stale") if row[f"is_{kind}"]),
    )


@contextmanager
def open_overview(path: Path) -> Iterator[Overview]:
    """Open a database for reading only, as it stands at the first read. Raises StorageError."""
    with open_reader(path) as reader:
        reader._connection.create_function("folded", 1, fold, deterministic=True)
        with translated(path):
            reader._connection.execute("begin")
        yield Overview(reader._connection, path)

"""Counts kept beside the tables, in the same transaction by triggers, so that no reader counts a million rows."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from storage.read import Reader
from storage.times import from_text_or_none, to_text

OVERDUE_AFTER = timedelta(minutes=10)
"""A page that is due is overdue only after this time: a daemon that works has it in hand."""
IN_TROUBLE = """status = 'active' and presence not in ('removed', 'moved')
    and (last_good_at is null or last_check_at > last_good_at)"""
_LATE = f"late_s > {OVERDUE_AFTER.total_seconds():.0f}"
_DAY = "date({}, '+8 hours')"
"""The day in Asia/Shanghai, +08:00 without exception since 1991."""


def _minute(column: str) -> str:
    return f"coalesce(substr({column}, 1, 16), '')"


COUNTS = f"""select what, at, count(*) as number from (
    select 'page' as what, '' as at from page
    union all select 'scheduled', '' from page where status = 'active' and scheduled = 1
    union all select 'checked', {_minute("last_check_at")} from page where status = 'active'
    union all select 'good', {_minute("last_good_at")} from page where status = 'active'
    union all select 'changed', {_DAY.format("seen_at")} from change
    union all select 'seen', '' from seen_mark) group by what, at"""
"""What is counted: pages by the minute of their last check and their last good one, changes by day."""
MISCOUNTED = f"""select what, at from (select 1 as sign, * from ({COUNTS}) union all select -1, * from counted)
    group by what, at having sum(sign * number)"""
"""The counts that are not what there is: none, unless the file is damaged or was written by something else."""
_ADD = "on conflict (what, at) do update set number = number + excluded.number;"
_MINUTES = " union all ".join(
    f"select '{what}', {_minute(f'{row}.{column}')}, {sign}1 where {row}.status = 'active'"
    for what, column in (("checked", "last_check_at"), ("good", "last_good_at"))
    for row, sign in (("old", "-"), ("new", "+"))
)

# Tables and triggers as one migration made them: never edited.
COUNTING = (
    """create table counted (
        what text not null,
        at text not null,
        number integer not null,
        primary key (what, at)
    ) strict, without rowid""",
    f"insert into counted {COUNTS}",
    f"""create trigger page_is_counted after insert on page begin
        insert into counted values ('page', '', 1), ('scheduled', '', new.status = 'active' and new.scheduled),
            ('checked', {_minute("new.last_check_at")}, new.status = 'active'),
            ('good', {_minute("new.last_good_at")}, new.status = 'active') {_ADD} end""",
    f"""create trigger page_is_scheduled after update of status, scheduled on page begin
        insert into counted values ('scheduled', '',
            (new.status = 'active' and new.scheduled) - (old.status = 'active' and old.scheduled)) {_ADD} end""",
    f"""create trigger page_is_checked after update of status, last_check_at, last_good_at on page
        when 'active' in (old.status, new.status) begin
        insert into counted select * from ({_MINUTES}) where true {_ADD}
        delete from counted where what = 'checked' and at = {_minute("old.last_check_at")} and number = 0;
        delete from counted where what = 'good' and at = {_minute("old.last_good_at")} and number = 0; end""",
    f"""create trigger change_is_counted after insert on change begin
        insert into counted values ('changed', {_DAY.format("new.seen_at")}, 1) {_ADD} end""",
    f"""create trigger mark_is_counted after insert on seen_mark begin
        insert into counted values ('seen', '', 1) {_ADD} end""",
    f"""create trigger mark_is_taken_away after delete on seen_mark begin
        insert into counted values ('seen', '', -1) {_ADD} end""",
    f"create index page_trouble on page (last_good_at) where {IN_TROUBLE}",
    f"create index health_late on health (page) where {_LATE}",
    "create index delivery_channel on delivery (channel, state)",
)


class Coverage(Struct, frozen=True):
    """How well the pages that are watched were checked in the day before `at`, to the minute.

    `good_in_week`: seen well in the last seven days. Of the `scheduled` ones `on_time` had their latest check in time
    and are not overdue; `overdue_since` is when the longest overdue one was due.
    """

    at: datetime
    pages: int
    checked: int
    good: int
    good_in_week: int
    never_good: int
    scheduled: int
    on_time: int
    overdue: int
    overdue_since: datetime | None


class Counts(Reader):
    """A reader that knows how many there are."""

    def coverage(self, now: datetime) -> Coverage:
        """Return how many of the active pages were checked, and well, in the last 24 hours."""
        day, week = (to_text(now - timedelta(days=days))[:16] for days in (1, 7))
        (row,) = self._rows(
            """select coalesce(sum(number) filter (where what = 'checked'), 0) as pages,
                coalesce(sum(number) filter (where what = 'checked' and at >= ?1), 0) as checked,
                coalesce(sum(number) filter (where what = 'good' and at >= ?1), 0) as good,
                coalesce(sum(number) filter (where what = 'good' and at >= ?2), 0) as good_in_week,
                coalesce(sum(number) filter (where what = 'good' and at = ''), 0) as never_good
            from counted where what in ('checked', 'good')""",
            day,
            week,
        )
        scheduled, overdue = self.count("scheduled"), self.due(now - OVERDUE_AFTER)
        (since,) = self._rows("select min(due_at) as due_at from host where due_at <= ?", to_text(now - OVERDUE_AFTER))
        late = self._late(now - OVERDUE_AFTER)
        return Coverage(
            at=now,
            **dict(row),
            scheduled=scheduled,
            on_time=scheduled - overdue - late,
            overdue=overdue,
            overdue_since=from_text_or_none(since["due_at"]),
        )

    def due(self, at: datetime) -> int:
        """Return how many pages are due at a time."""
        # By the hosts that have one: to count a million pages that are not due takes 0.1 s.
        (row,) = self._rows(
            """select count(*) as pages from host cross join page on page.host = host.name and priority in (0, 1, 2)
            where due_at <= ?1 and next_due <= ?1 and status = 'active' and scheduled = 1""",
            to_text(at),
        )
        return int(row["pages"])

    def troubled(self) -> int:
        """Return how many pages are in trouble."""
        return int(self._rows(f"select count(*) from page where {IN_TROUBLE}")[0][0])

    def changes_by_day(self) -> dict[date, int]:
        """Return how many changes were seen on each day of Asia/Shanghai."""
        rows = self._rows("select at, number from counted where what = 'changed'")
        return {date.fromisoformat(row["at"]): row["number"] for row in rows}

    def unseen(self) -> int:
        """Return how many changes nobody has marked as seen."""
        return self.count("changed") - self.count("seen")

    def count(self, what: str) -> int:
        """Return how many there are of what is counted."""
        return int(self._rows("select coalesce(sum(number), 0) from counted where what = ?", what)[0][0])

    def _late(self, due_after: datetime) -> int:
        """Return how many pages had their latest check late, of those that are not overdue."""
        (row,) = self._rows(
            f"""select count(*) as pages from health indexed by health_late cross join page on page.id = health.page
            where {_LATE} and status = 'active' and scheduled = 1 and next_due > ?""",
            to_text(due_after),
        )
        return int(row["pages"])

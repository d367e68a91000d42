"""What each view shows, as values: made from the database, rendered by the templates, from disk and live alike."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from core.model import Presence
from reports.folding import Run, folded_timeline
from reports.plain import ZONE
from reports.values import ChangeReport
from storage.counts import Coverage
from storage.overview import Overview, Stretch, Tally, Trouble
from storage.rows import ChangeRow, PageRow
from web.pictures import Calendar, Life, Mark, Segment, calendar
from web.reading import change_report, timeline_entry
from web.steps import Step, steps_of
from web.summaries import change_summary
from web.words import Words

LATEST = 50
"""Changes on the overview."""
TROUBLES = 50
"""Pages in trouble on the overview, those longest in it."""
LISTED = 200
"""Pages in one view of the list, live."""
LISTED_LETTERS = 20_000
"""A change in a list is compared word for word while both bodies together are no longer: 20 ms at worst each."""
TOLD_IN_FULL = 20
"""Changes of a page shown with all their words; older ones are one line each."""
CHECKS = 2_000
"""Checks of a page that are listed, newest ones."""


class ChangeView(Struct, frozen=True):
    """One change, or one comparison, with its summary in both languages.

    A superseded one is no change under the rules the page is read by now.
    """

    report: ChangeReport
    summary: Words
    is_superseded: bool = False
    is_seen: bool = False
    older: int | None = None
    newer: int | None = None


class OverviewView(Struct, frozen=True):
    """The latest changes, and how much is known."""

    coverage: Coverage
    troubles: tuple[Trouble, ...]
    troubled: int
    latest: tuple[ChangeView, ...]
    changes: int
    unseen: int
    newest: int
    calendar: Calendar


class PageLine(Struct, frozen=True):
    """One page of the list."""

    page: PageRow
    tally: Tally | None


class PagesView(Struct, frozen=True):
    """How many pages there are that have the words `asked` (or more, where `is_more`), and those of one view.

    `behind`: how many come before.
    """

    pages: int
    is_more: bool
    lines: tuple[PageLine, ...]
    asked: str
    behind: int

    @property
    def last(self) -> int:
        """How many pages come up to the end of this view."""
        return self.behind + len(self.lines)


class PageView(Struct, frozen=True):
    """The whole life of a page. `steps` are oldest first, `changes` and `older` newest first."""

    at: datetime
    page: PageRow
    life: Life
    first_at: datetime | None
    last_at: datetime | None
    steps: tuple[Step, ...]
    steps_left_out: int
    changes: tuple[ChangeView, ...]
    older: tuple[ChangeRow, ...]
    checks: tuple[Run, ...]
    checks_in_all: int


def overview_view(reader: Overview, now: datetime) -> OverviewView:
    """Return the overview as at `now`."""
    by_day = reader.changes_by_day()
    return OverviewView(
        coverage=reader.coverage(now),
        troubles=tuple(reader.troubles(TROUBLES)),
        troubled=reader.troubled(),
        latest=tuple(told(reader, change) for change in reader.changes(limit=LATEST)),
        changes=sum(by_day.values()),
        unseen=reader.unseen(),
        newest=reader.newest_change(),
        calendar=calendar(by_day, now.astimezone(ZONE).date()),
    )


def pages_view(reader: Overview, asked: str = "", limit: int = LISTED, behind: int = 0) -> PagesView:
    """Return pages that have all the words asked for, those that changed last first."""
    listed = reader.listed(asked, limit, behind)
    lines = tuple(PageLine(page, tally) for page, tally in listed.lines)
    return PagesView(listed.pages, listed.is_more, lines, asked, behind)


def page_view(reader: Overview, page: PageRow, now: datetime) -> PageView:
    """Return the life of a page as at `now`."""
    changes = reader.changes(page=page.id)
    by_check = {change.check: change for change in changes}
    stretches = reader.stretches(page.id)
    steps, left_out = steps_of(reader, page.id)
    checks = [timeline_entry(check, by_check.get(check.id)) for check in reader.checks(page.id, CHECKS)]
    return PageView(
        at=now,
        page=page,
        life=Life(
            tuple(segment for part in stretches for segment in _segments(part, steps)),
            tuple(Mark(change.id, change.kind, change.seen_at) for change in changes),
        ),
        first_at=stretches[0].first_at if stretches else None,
        last_at=max((part.last_at for part in stretches), default=None),
        steps=steps,
        steps_left_out=left_out,
        changes=tuple(told(reader, change) for change in changes[:TOLD_IN_FULL]),
        older=tuple(changes[TOLD_IN_FULL:]),
        checks=tuple(reversed(folded_timeline(checks[::-1]))),
        checks_in_all=sum(part.checks for part in stretches),
    )


def change_view(reader: Overview, change: ChangeRow) -> ChangeView:
    """Return one change, with those of its page before and after it."""
    report = change_report(reader, change)
    older, newer = reader.neighbours(change)
    return ChangeView(report, change_summary(report), change.superseded, change.is_seen, older, newer)


def _segments(part: Stretch, steps: Sequence[Step]) -> list[Segment]:
    """Return a stretch of checks as the versions that were shown in it."""
    if part.state != "good":
        return [Segment(part.state, part.first_at, part.last_at)]
    shown = [
        Segment("good", max(step.first_at, part.first_at), min(step.last_at, part.last_at), step.number, step.version)
        for step in steps
        if step.first_at <= part.last_at and step.last_at >= part.first_at
    ]
    return shown or [Segment("good", part.first_at, part.last_at)]


def shown_title(row: PageRow | ChangeRow | Trouble | ChangeReport) -> str:
    """Return what a reader calls a page: its title, else its name, else its address."""
    return row.title or row.name or row.url


def told(reader: Overview, change: ChangeRow) -> ChangeView:
    """Return one change as one of many, with its summary."""
    report = change_report(reader, change, LISTED_LETTERS)
    return ChangeView(report, change_summary(report, change.fields), change.superseded, change.is_seen)


def page_state(line: PageLine) -> str:
    """Return in one word how a page stands."""
    page = line.page
    if page.status != "active":
        return page.status
    if page.presence in (Presence.REMOVED, Presence.MOVED):
        return page.presence
    if page.last_good_at is None:
        return "never seen"
    return "in trouble" if page.last_check_at and page.last_check_at > page.last_good_at else "fine"

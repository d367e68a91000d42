"""What the renderers are given: one change, or the life of one page."""

from datetime import datetime

from msgspec import Struct

from core.diff import TextDiff


class ChangeReport(Struct, frozen=True):
    """One difference between two versions of a page; `change` is None where it was never told as a change."""

    change: int | None
    page: int
    name: str
    url: str
    title: str
    kind: str
    seen_at: datetime
    last_good_at: datetime | None
    from_version: int | None
    to_version: int | None
    summary: str
    detail: str
    diff: TextDiff | None

    @property
    def versions(self) -> str:
        """Between which versions: `version 1 to 2`, `version 2` where it came back unchanged, or nothing."""
        if self.from_version is None or self.to_version is None:
            return ""
        same = self.from_version == self.to_version
        return f"version {self.to_version}" if same else f"version {self.from_version} to {self.to_version}"


class ChangeGroup(Struct, frozen=True):
    """Changes told as one, by the words of the newest: a redesign of many pages, a page that flaps, or a single one."""

    kind: str
    newest: ChangeReport
    others: tuple[ChangeReport, ...] = ()

    @property
    def changes(self) -> tuple[ChangeReport, ...]:
        """All of them, the newest first."""
        return (self.newest, *self.others)


class HealthReport(Struct, frozen=True):
    """What is told of a page's health: `failing`, `stale` or `recovered`.

    `since`: the first of the `bad_checks` or, where there were none, the last good check.
    """

    page: int
    name: str
    url: str
    title: str
    host: str
    kind: str
    at: datetime
    bad_checks: int
    since: datetime | None
    reason: str


class TimelineEntry(Struct, frozen=True):
    """One check of a page, in one word (`said`) and in more (`reason`); or several with the same, up to `last_at`."""

    at: datetime
    said: str
    reason: str
    version: int | None
    change: int | None
    checks: int
    last_at: datetime


class PageReport(Struct, frozen=True):
    """The whole life of a page: every check, oldest first, and every change, newest first."""

    page: int
    name: str
    url: str
    title: str
    timeline: tuple[TimelineEntry, ...]
    changes: tuple[ChangeReport, ...]

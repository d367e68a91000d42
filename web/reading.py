"""From rows of the database to the values that reports render."""

from datetime import datetime
from functools import lru_cache

from msgspec.structs import replace

from core.diff import TextDiff, diff_texts
from core.errors import UsageError
from core.grouping import Told
from core.hosts import host_of
from core.model import ChangeKind, Content, FieldChange, NormalText
from core.summary import summary
from reports.values import ChangeReport, PageReport, TimelineEntry
from storage.read import Reader
from storage.rows import ChangeRow, CheckRow, PageRow, VersionRow


def change_report(reader: Reader, change: ChangeRow, most_letters: int | None = None) -> ChangeReport:
    """Return one told change with the diff of its versions; brief where their bodies have more than `most_letters`."""
    old = _version(reader, change.page, change.from_number)
    new = _version(reader, change.page, change.to_number)
    if most_letters is not None and old and new and letters(old.text) + letters(new.text) > most_letters:
        return brief_report(change)
    diff = _diff(old.text, new.text) if old and new and change.fields else None
    said = _summary(change, summary(diff) if diff else "")
    return replace(brief_report(change), summary=said, diff=diff)


def brief_report(change: ChangeRow) -> ChangeReport:
    """Return one told change without a diff, which takes a while to make: its fields say what changed."""
    return ChangeReport(
        change=change.id,
        page=change.page,
        name=change.name,
        url=change.url,
        title=change.title,
        kind=change.kind,
        seen_at=change.seen_at,
        last_good_at=change.last_good_at,
        from_version=change.from_number,
        to_version=change.to_number,
        summary=_summary(change, "; ".join(map(_field, change.fields))),
        detail=change.detail,
        diff=None,
    )


def letters(text: NormalText) -> int:
    """Return how many letters a body has."""
    return sum(map(len, text.body or ()))


def told_of(change: ChangeRow) -> Told:
    """Return what is known of a change for grouping."""
    turn = (change.from_number, change.to_number) if change.from_number and change.to_number else None
    return Told(change.id, change.page, host_of(change.url), change.seen_at, change.likeness, turn)


_UNDER_OTHER_RULES = "the two were read under different rules, which alone may explain what differs"


def versions_report(reader: Reader, page: PageRow, old_number: int, new_number: int) -> ChangeReport:
    """Return the difference of any two versions of a page. Raises UsageError where it has no such version."""
    old, new = (existing_version(reader, page, number) for number in (old_number, new_number))
    diff = diff_texts(old.text, new.text)
    seen = {spell.number: spell for spell in reversed(reader.history(page.id))}
    return ChangeReport(
        change=None,
        page=page.id,
        name=page.name,
        url=page.url,
        title=new.text.title or "",
        kind="difference",
        seen_at=_first_seen(reader, new, seen[new_number].first_seen_at if new_number in seen else None),
        last_good_at=seen[old_number].last_seen_at if old_number in seen else None,
        from_version=old_number,
        to_version=new_number,
        summary=summary(diff),
        detail=_UNDER_OTHER_RULES if old.rules_id != new.rules_id else "",
        diff=diff,
    )


def page_report(reader: Reader, page: PageRow) -> PageReport:
    """Return the whole life of a page: every check, and every change with its words."""
    changes = reader.changes(page=page.id)
    by_check = {change.check: change for change in changes}
    checks = reversed(reader.checks(page.id))
    return PageReport(
        page=page.id,
        name=page.name,
        url=page.url,
        title=page.title,
        timeline=tuple(timeline_entry(check, by_check.get(check.id)) for check in checks),
        changes=tuple(change_report(reader, change) for change in changes),
    )


def timeline_entry(check: CheckRow, change: ChangeRow | None) -> TimelineEntry:
    """Return one check in one word, that of its change where it found one."""
    shown = check.content if check.content is not Content.NONE else check.presence
    return TimelineEntry(
        at=check.at,
        said=change.kind if change else shown,
        reason=check.reason,
        version=check.number,
        change=change.id if change else None,
        checks=check.checks,
        last_at=check.last_at,
    )


def existing_version(reader: Reader, page: PageRow, number: int) -> VersionRow:
    """Return one version of a page. Raises UsageError where it has no such version."""
    found = reader.version(page.id, number)
    if found is None:
        raise UsageError(f"page {page.id} has no version {number}; `govwatch history {page.id}` shows those it has")
    return found


@lru_cache(maxsize=100)
def _diff(old: NormalText, new: NormalText) -> TextDiff:
    """Return what differs; texts never change, and the overview tells the same 50 changes again and again."""
    return diff_texts(old, new)


def _version(reader: Reader, page: int, number: int | None) -> VersionRow | None:
    return None if number is None else reader.version(page, number)


def _field(field: FieldChange) -> str:
    values = f"{field.old or '(empty)'} -> {field.new or '(empty)'}"
    return f"{field.field} {values if field.old or field.new else 'changed'}"


def _summary(change: ChangeRow, differs: str) -> str:
    words = {
        ChangeKind.REMOVED: "the page was removed",
        ChangeKind.MOVED: "the page has moved",
        ChangeKind.RESTORED: "the page is back",
        ChangeKind.REVERTED: f"back to version {change.to_number}",
    }.get(change.kind, "")
    unchanged = "unchanged" if change.kind is ChangeKind.RESTORED and change.from_number else ""
    return "; ".join(filter(None, (words, differs or unchanged)))


def _first_seen(reader: Reader, version: VersionRow, seen_at: datetime | None) -> datetime:
    return seen_at or reader.capture(version.capture).received_at

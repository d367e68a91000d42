"""One report of changes and of the health of pages, in every form that a channel may want.

As JSON `{"id", "made_at", "subject", "changes": [CHANGE], "health": [{"page", "name", "url", "title", "kind", "at",
"bad_checks", "since", "reason"}]}`. CHANGE is that of `reports.jsonout` with `group` (`single`, `redesign`, `flapping`)
and `like`: the number of the change in this report whose words stand for it, else null. Of many changes only the first
have a diff.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from reports.channels.values import Notice
from reports.folding import MOST_OTHERS, group_words
from reports.health import health_groups, health_subject, render_health
from reports.html import render_changes
from reports.jsonout import change_to_dict
from reports.plain import count, safe, when
from reports.terminal import render_change
from reports.values import ChangeGroup, ChangeReport, HealthReport

_MOST_SUBJECT_CHARS = 120


def make_notice(
    notice: str, made_at: datetime, groups: Sequence[ChangeGroup], health: Sequence[HealthReport]
) -> Notice:
    """Return the report of changes, newest first, and of the health of pages; `notice` is its stable id."""
    subject = "; ".join(filter(None, (_of_changes(groups), health_subject(health))))
    data = {
        "id": notice,
        "made_at": made_at.isoformat(),
        "subject": subject,
        "changes": [_change_to_dict(change, group) for group in groups for change in group.changes],
        "health": [_health_to_dict(one) for one in health],
    }
    parts = [*(line for group in groups for line in _text(group)), *([render_health(health)] if health else [])]
    return Notice(
        id=notice,
        made_at=made_at,
        subject=subject,
        text="\n".join(parts),
        html=render_changes(subject, groups, health_groups(health)),
        json=json.dumps(data, ensure_ascii=False),
    )


def _of_changes(groups: Sequence[ChangeGroup]) -> str:
    if not groups:
        return ""
    (group, *more), changes = groups, [change for group in groups for change in group.changes]
    if more:
        return f"{count(len(changes), 'change')} on {count(len({change.page for change in changes}), 'page')}"
    change = group.newest
    said = group_words(group) or f"{change.title or change.name or change.url}: {change.summary or change.kind}"
    return safe(said if len(said) <= _MOST_SUBJECT_CHARS else said[: _MOST_SUBJECT_CHARS - 1] + "…")


def _text(group: ChangeGroup) -> Iterator[str]:
    if said := group_words(group):
        yield f"{safe(said)}; the newest:"
    yield render_change(group.newest)
    for other in group.others[:MOST_OTHERS]:
        yield f"  page {other.page}  seen {when(other.seen_at)}  {safe(other.title or other.name or other.url)}"
    if group.others:
        yield f"  … and {len(group.others) - MOST_OTHERS} more\n" if len(group.others) > MOST_OTHERS else ""


def _change_to_dict(change: ChangeReport, group: ChangeGroup) -> dict[str, object]:
    like = None if change is group.newest else group.newest.change
    return change_to_dict(change) | {"group": group.kind, "like": like}


def _health_to_dict(report: HealthReport) -> dict[str, object]:
    return {
        "page": report.page,
        "name": report.name,
        "url": report.url,
        "title": report.title,
        "kind": report.kind,
        "at": report.at.isoformat(),
        "bad_checks": report.bad_checks,
        "since": report.since.isoformat() if report.since else None,
        "reason": report.reason,
    }

"""One report of changes and of the health of pages, in every form that a channel may want."""

import json
from collections.abc import Sequence
from datetime import datetime

from reports.channels.values import Notice
from reports.folding import count
from reports.health import health_groups, health_subject, render_health
from reports.html import render_changes
from reports.jsonout import change_to_dict
from reports.plain import safe
from reports.terminal import render_change
from reports.values import ChangeReport, HealthReport

_MOST_SUBJECT_CHARS = 120


def make_notice(
    notice: str, made_at: datetime, changes: Sequence[ChangeReport], health: Sequence[HealthReport]
) -> Notice:
    """Return the report of changes, newest first, and of the health of pages; `notice` is its stable id."""
    subject = _subject(changes, health)
    data = {
        "id": notice,
        "made_at": made_at.isoformat(),
        "subject": subject,
        "changes": [change_to_dict(change) for change in changes],
        "health": [_health_to_dict(one) for one in health],
    }
    parts = [*map(render_change, changes), *([render_health(health)] if health else [])]
    return Notice(
        id=notice,
        made_at=made_at,
        subject=subject,
        text="\n".join(parts),
        html=render_changes(subject, changes, health_groups(health)),
        json=json.dumps(data, ensure_ascii=False),
    )


def _subject(changes: Sequence[ChangeReport], health: Sequence[HealthReport]) -> str:
    said = [_of_changes(changes)] if changes else []
    return "; ".join(said + ([health_subject(health)] if health else []))


def _of_changes(changes: Sequence[ChangeReport]) -> str:
    if len(changes) > 1:
        return f"{count(len(changes), 'change')} on {count(len({change.page for change in changes}), 'page')}"
    (change,) = changes
    said = safe(f"{change.title or change.name or change.url}: {change.summary or change.kind}")
    return said if len(said) <= _MOST_SUBJECT_CHARS else said[: _MOST_SUBJECT_CHARS - 1] + "…"


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

"""One report of several changes, in every form that a channel may want."""

import json
from collections.abc import Sequence
from datetime import datetime

from reports.channels.values import Notice
from reports.folding import count
from reports.html import render_changes
from reports.jsonout import change_to_dict
from reports.plain import safe
from reports.terminal import render_change
from reports.values import ChangeReport

_MOST_SUBJECT_CHARS = 120


def make_notice(notice: str, made_at: datetime, changes: Sequence[ChangeReport]) -> Notice:
    """Return the report of changes, newest first; `notice` is its stable id."""
    subject = _subject(changes)
    data = {
        "id": notice,
        "made_at": made_at.isoformat(),
        "subject": subject,
        "changes": [change_to_dict(change) for change in changes],
    }
    return Notice(
        id=notice,
        made_at=made_at,
        subject=subject,
        text="\n".join(render_change(change) for change in changes),
        html=render_changes(subject, changes),
        json=json.dumps(data, ensure_ascii=False),
    )


def _subject(changes: Sequence[ChangeReport]) -> str:
    if len(changes) > 1:
        return f"{count(len(changes), 'change')} on {count(len({change.page for change in changes}), 'page')}"
    (change,) = changes
    said = safe(f"{change.title or change.name or change.url}: {change.summary or change.kind}")
    return said if len(said) <= _MOST_SUBJECT_CHARS else said[: _MOST_SUBJECT_CHARS - 1] + "…"

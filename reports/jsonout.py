"""A change as JSON, for programs.

    {"change": 3, "page": 1, "name": "", "url": "…", "title": "…", "kind": "changed",
     "seen_at": "ISO 8601", "last_good_at": "ISO 8601" or null, "from": 1, "to": 2, "summary": "…", "detail": "",
     "diff": null or {
        "fields": [{"field": "editor", "old": "…", "new": "…", "spans": [SPAN]}],
        "attachments": {"added": [{"url", "name"}], "removed": […]},
        "rewritten": false, "kept": 0.98,
        "body": [{"kind": "same" | "edited" | "added" | "removed" | "moved" | "moved-away", "spans": [SPAN]}]}}

SPAN is {"kind": "equal" | "delete" | "insert", "old": "…", "new": "…"}: joined, `old` is the whole old text and `new`
the whole new one.
"""

import json
from typing import Any

from core.diff import TextDiff
from core.marks import Span
from core.model import Attachment
from reports.values import ChangeReport


def render_change(report: ChangeReport) -> str:
    """Return a change as JSON text."""
    return json.dumps(change_to_dict(report), ensure_ascii=False, indent=2)


def change_to_dict(report: ChangeReport) -> dict[str, Any]:
    """Return a change as the object documented above."""
    return {
        "change": report.change,
        "page": report.page,
        "name": report.name,
        "url": report.url,
        "title": report.title,
        "kind": report.kind,
        "seen_at": report.seen_at.isoformat(),
        "last_good_at": report.last_good_at.isoformat() if report.last_good_at else None,
        "from": report.from_version,
        "to": report.to_version,
        "summary": report.summary,
        "detail": report.detail,
        "diff": _diff(report.diff) if report.diff is not None else None,
    }


def _diff(diff: TextDiff) -> dict[str, Any]:
    return {
        "fields": [
            {"field": field.field, "old": field.old, "new": field.new, "spans": _spans(field.spans)}
            for field in diff.fields
        ],
        "attachments": {"added": _files(diff.attachments_added), "removed": _files(diff.attachments_removed)},
        "rewritten": diff.is_rewritten,
        "kept": round(diff.kept, 3),
        "body": [{"kind": paragraph.kind, "spans": _spans(paragraph.spans)} for paragraph in diff.body],
    }


def _spans(spans: tuple[Span, ...]) -> list[dict[str, str]]:
    return [{"kind": span.kind, "old": span.old, "new": span.new} for span in spans]


def _files(files: tuple[Attachment, ...]) -> list[dict[str, str]]:
    return [{"url": file.url, "name": file.name} for file in files]

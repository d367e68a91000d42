"""A change as JSON, for programs, as `change.schema.json` beside this file describes it."""

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
    """Return a change as the object that the schema describes."""
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
        "attachments": [{"kind": file.kind, "old": _file(file.old), "new": _file(file.new)} for file in diff.files],
        "attachments_reordered": diff.are_files_reordered,
        "silent": diff.is_silent,
        "rewritten": diff.is_rewritten,
        "coarse": diff.is_coarse,
        "kept": round(diff.kept, 3),
        "body": [{"kind": paragraph.kind, "spans": _spans(paragraph.spans)} for paragraph in diff.body],
    }


def _spans(spans: tuple[Span, ...]) -> list[dict[str, str]]:
    return [{"kind": span.kind, "old": span.old, "new": span.new} for span in spans]


def _file(file: Attachment | None) -> dict[str, str] | None:
    return {"url": file.url, "name": file.name} if file else None

"""A change as a unified diff, for scripts: each field that differs is a file of its name, each paragraph a line of it.

`patch -p1` and `git apply` take it. Lines are shown safe, and what differs in widths alone is context, as it was.
"""

from collections.abc import Iterator, Sequence

from core.align import align, is_same
from core.diff import TextDiff
from core.model import Attachment
from core.paragraphs import BREAK, ParagraphDiff
from reports.plain import safe, when
from reports.values import ChangeReport

Line = tuple[str, str]
"""A sign (` `, `-` or `+`) and the text behind it."""

_CONTEXT = 3


def render_change(report: ChangeReport) -> str:
    """Return a change as lines that begin with `#`, then one file after the other."""
    title = report.title or report.name or report.url
    head = (f"page {report.page} {report.kind}: {title}", report.url, f"seen {when(report.seen_at)}", report.summary)
    lines = [f"# {safe(part)}" for part in (*head, report.versions, report.detail) if part]
    if report.diff is not None:
        lines += [line for name, body in _files(report.diff) for line in _file(name, body)]
    return "\n".join(lines) + "\n"


def _files(diff: TextDiff) -> Iterator[tuple[str, list[Line]]]:
    for field in diff.fields:
        yield field.field, [(sign, text) for sign, text in (("-", field.old), ("+", field.new)) if text]
    if diff.body:
        yield "body", [line for paragraph in diff.body for line in _paragraph(paragraph)]
    if diff.files or diff.are_files_reordered:
        yield "attachments", list(_attachments(diff.old.attachments or (), diff.new.attachments or ()))


def _paragraph(paragraph: ParagraphDiff) -> Iterator[Line]:
    old, new = ("".join(getattr(span, side) for span in paragraph.spans) for side in ("old", "new"))
    if paragraph.kind == "same":
        yield " ", old
        return
    if paragraph.kind not in ("added", "moved"):
        yield from (("-", text) for text in old.split(BREAK))
    if paragraph.kind not in ("removed", "moved-away"):
        yield from (("+", text) for text in new.split(BREAK))


def _attachments(old: Sequence[Attachment], new: Sequence[Attachment]) -> Iterator[Line]:
    was, now = ([f"{file.name} {file.url}" for file in side] for side in (old, new))
    for i, j in align(was, now):
        if is_same(was, now, (i, j)):
            yield " ", was[i or 0]
            continue
        yield from (("-", was[i]),) if i is not None else ()
        yield from (("+", now[j]),) if j is not None else ()


def _file(name: str, lines: Sequence[Line]) -> Iterator[str]:
    yield from (f"--- a/{name}", f"+++ b/{name}")
    at, old, new = 0, 1, 1
    for start, stop in _hunks(lines):
        old, new = old + start - at, new + start - at
        hunk = lines[start:stop]
        gone, come = (sum(sign != other for sign, _ in hunk) for other in "+-")
        yield f"@@ -{old - (not gone)},{gone} +{new - (not come)},{come} @@"
        yield from (f"{sign}{safe(text)}" for sign, text in hunk)
        at, old, new = stop, old + gone, new + come


def _hunks(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield where the hunks begin and end: what differs, with three lines around it."""
    start = stop = -1
    for at in (at for at, (sign, _) in enumerate(lines) if sign != " "):
        if start >= 0 and at - _CONTEXT > stop:
            yield start, stop
            start = -1
        start = max(0, at - _CONTEXT) if start < 0 else start
        stop = min(len(lines), at + 1 + _CONTEXT)
    if start >= 0:
        yield start, stop

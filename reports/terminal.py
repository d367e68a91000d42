"""A change on the terminal: fields first, then the paragraphs that differ, marked in colour or in brackets."""

from collections.abc import Iterable

from core.diff import FieldDiff, ParagraphDiff, TextDiff
from core.marks import Span
from reports.folding import Fold, folded_body
from reports.plain import safe, when
from reports.values import ChangeReport

_SIGNS = {"edited": "~", "added": "+", "removed": "-"}
_COLOURS = {"delete": "\x1b[31m", "insert": "\x1b[32m"}
_RESET, _BOLD = "\x1b[0m", "\x1b[1m"
_BRACKETS = {"delete": ("[-", "-]"), "insert": ("{+", "+}")}


def render_change(report: ChangeReport, colour: bool = False) -> str:
    """Return a change as lines of text. Without colour, what went stands in `[-…-]` and what came in `{+…+}`."""
    head = f"page {report.page}  {report.kind}  {safe(report.title or report.name or report.url)}"
    lines = [f"{_BOLD}{head}{_RESET}" if colour else head, f"  {safe(report.url)}", f"  {_times(report)}"]
    lines += [f"  {safe(part)}" for part in (report.summary, report.detail) if part]
    if report.diff is not None:
        lines += ["", *_diff(report.diff, colour)]
    return "\n".join(lines) + "\n"


def _times(report: ChangeReport) -> str:
    seen = f"seen {when(report.seen_at)}"
    before = f", last good check before {when(report.last_good_at)}" if report.last_good_at else ""
    return f"{seen}{before}{', ' if report.versions else ''}{report.versions}"


def _diff(diff: TextDiff, colour: bool) -> Iterable[str]:
    yield from (_field(field, colour) for field in diff.fields)
    for file in diff.attachments_removed:
        yield f"  attachment  {_marked(Span('delete', f'{file.name} {file.url}', ''), colour)}"
    for file in diff.attachments_added:
        yield f"  attachment  {_marked(Span('insert', '', f'{file.name} {file.url}'), colour)}"
    for part in folded_body(diff.body):
        if isinstance(part, Fold):
            yield f"    … {part}"
        else:
            yield _paragraph(part, colour)


def _field(field: FieldDiff, colour: bool) -> str:
    return f"  {field.field:<12}{_line(field.spans, colour)}"


def _paragraph(paragraph: ParagraphDiff, colour: bool) -> str:
    if paragraph.kind == "moved":
        return f"  > moved here: {safe(paragraph.spans[0].new)}"
    if paragraph.kind == "moved-away":
        return f"  < moved away: {safe(paragraph.spans[0].old)}"
    return f"  {_SIGNS[paragraph.kind]} {_line(paragraph.spans, colour)}"


def _line(spans: Iterable[Span], colour: bool) -> str:
    return "".join(_marked(span, colour) for span in spans)


def _marked(span: Span, colour: bool) -> str:
    text = safe(span.new if span.kind != "delete" else span.old)
    if span.kind == "equal":
        return text
    if colour:
        return f"{_COLOURS[span.kind]}{text}{_RESET}"
    left, right = _BRACKETS[span.kind]
    return f"{left}{text}{right}"

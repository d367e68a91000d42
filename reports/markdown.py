"""A change as Markdown, for tickets and notes: what went is struck through, what came is bold."""

import re
from collections.abc import Iterable, Iterator

from core.diff import ParagraphDiff
from core.marks import Span
from reports.folding import Fold, folded_body
from reports.plain import safe, when
from reports.values import ChangeReport

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:@/])")


def render_change(report: ChangeReport) -> str:
    """Return a change as Markdown in which nothing of the page is markup or a link."""
    title = _escaped(report.title or report.name or report.url)
    lines = [f"## {title}: {report.kind}", "", f"- page {report.page}: `{safe(report.url).replace('`', '%60')}`"]
    lines += [f"- seen {when(report.seen_at)}, last good check before {when(report.last_good_at)}"]
    lines += [f"- {_escaped(part)}" for part in (report.summary, report.detail) if part]
    if report.diff is not None:
        diff = report.diff
        lines += ["", *(f"**{field.field}**: {_line(field.spans)}\n" for field in diff.fields)]
        lines += [f"**attachment removed**: ~~{_escaped(file.name)}~~\n" for file in diff.attachments_removed]
        lines += [f"**attachment added**: **{_escaped(file.name)}**\n" for file in diff.attachments_added]
        lines += _body(folded_body(diff.body))
    return "\n".join(lines).rstrip() + "\n"


def _body(parts: Iterable[ParagraphDiff | Fold]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Fold):
            yield f"*… {part}*\n"
        elif part.kind.startswith("moved"):
            word = "moved here" if part.kind == "moved" else "moved away"
            yield f"*{word}:* {_escaped(part.spans[0].new or part.spans[0].old)}\n"
        else:
            yield f"{_line(part.spans)}\n"


def _line(spans: Iterable[Span]) -> str:
    return "".join(_marked(span) for span in spans)


def _marked(span: Span) -> str:
    if span.kind == "equal":
        return _escaped(span.new)
    return f"~~{_escaped(span.old)}~~" if span.kind == "delete" else f"**{_escaped(span.new)}**"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", safe(text))

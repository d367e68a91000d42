"""A change as Markdown, for tickets and notes: what went stands in `<del>`, what came in `<ins>`.

Not in `~~` and `**`: between Chinese punctuation and letters CommonMark does not take those for marks.
"""

import re
from collections.abc import Iterable, Iterator

from core.diff import TextDiff
from core.marks import Span
from core.paragraphs import BREAK, ParagraphDiff
from reports.folding import Fold, folded_body
from reports.plain import safe, when
from reports.values import ChangeReport

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:@/$=^\"'])")
_TAGS = {"equal": "", "delete": "del", "insert": "ins"}
_WORDS = {"moved": "moved here", "moved-away": "moved away", "split": "split", "joined": "joined"}


def render_change(report: ChangeReport) -> str:
    """Return a change as Markdown in which nothing of the page is markup or a link."""
    title = _escaped(report.title or report.name or report.url)
    lines = [f"## {title}: {report.kind}", "", f"- page {report.page}: `{safe(report.url).replace('`', '%60')}`"]
    lines += [f"- seen {when(report.seen_at)}, last good check before {when(report.last_good_at)}"]
    lines += [f"- {_escaped(part)}" for part in (report.summary, report.detail) if part]
    if report.diff is not None:
        lines += ["", *_fields(report.diff), *map(_part, folded_body(report.diff.body))]
    return "\n".join(lines).rstrip() + "\n"


def _fields(diff: TextDiff) -> Iterator[str]:
    yield from (f"**{field.field}**: {_line(field.spans)}\n" for field in diff.fields)
    yield from (f"**attachment {file.kind}**: {_line(file.spans)}\n" for file in diff.files)


def _part(part: ParagraphDiff | Fold) -> str:
    if isinstance(part, Fold):
        return f"*… {part}*\n"
    words = f"*{_WORDS[part.kind]}:* " if part.kind in _WORDS else ""
    return f"{words}{_escaped(part.spans[0].old) if part.kind == 'moved-away' else _line(part.spans)}\n"


def _line(spans: Iterable[Span]) -> str:
    return "".join(map(_marked, spans))


def _marked(span: Span) -> str:
    text, tag = _escaped(span.new or span.old), _TAGS[span.kind]
    return f"<{tag}>{text}</{tag}>" if tag else text


def _escaped(text: str) -> str:
    return "¶<br>".join(_SPECIAL.sub(r"\\\1", safe(part)) for part in text.split(BREAK))

"""A change on the terminal: fields first, then the paragraphs that differ, marked in colour or in brackets."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from msgspec import Struct

from core.diff import TextDiff
from core.marks import Span
from core.paragraphs import BREAK, ParagraphDiff
from reports.cells import Styled, cells, painted, styled, wrapped
from reports.folding import Fold, folded_body
from reports.plain import safe, when
from reports.sides import Row, sides
from reports.values import ChangeReport

_SIGNS = {"edited": "~", "added": "+", "removed": "-", "moved": ">", "moved-away": "<", "split": "%", "joined": "&"}
_WORDS = {"moved": "moved here: ", "moved-away": "moved away: ", "split": "split: ", "joined": "joined: "}
_STYLES = {"equal": "", "delete": "\x1b[31;9m", "insert": "\x1b[32;1m"}
_BOLD = "\x1b[1m"
_BRACKETS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
_IN_BRACKETS = re.compile(r"(\\*)(\[-|-\]|\{\+|\+\}|¶|$)")
_IN_COLOUR = re.compile(r"(\\*)(¶|$)")
"""What the page may say that stands for a mark, with the backslashes before it."""
_LEAST_COLUMNS = 60
"""Two columns want so much room, or the rewritten text is shown in one."""


def render_change(report: ChangeReport, colour: bool = False, columns: int | None = None) -> str:
    """Return a change as lines of text, broken at so many columns where given.

    Without colour what went stands in `[-…-]` and what came in `{+…+}`; a paragraph's end that came or went is `¶`.
    Where the page itself says one of those, a backslash stands before it.
    """
    told = _Teller(colour, columns)
    head = f"page {report.page}  {report.kind}  {safe(report.title or report.name or report.url)}"
    lines = [*told.text("", head, _BOLD if colour else ""), *told.text("  ", report.url)]
    lines += [
        line for part in (_times(report), report.summary, report.detail) if part for line in told.text("  ", part)
    ]
    if report.diff is not None:
        lines += ["", *told.fields(report.diff), *told.body(report.diff)]
    return "\n".join(lines) + "\n"


def _times(report: ChangeReport) -> str:
    seen = f"seen {when(report.seen_at)}"
    before = f", last good check before {when(report.last_good_at)}" if report.last_good_at else ""
    return f"{seen}{before}{', ' if report.versions else ''}{report.versions}"


class _Teller(Struct, frozen=True):
    """Writes in colour or in brackets, for so many columns or for lines of any length."""

    colour: bool
    columns: int | None

    def fields(self, diff: TextDiff) -> Iterator[str]:
        """Yield fields and attachments, by name."""
        for field in diff.fields:
            yield from self.line(f"  {field.field:<12}", self._marked(field.spans))
        for file in diff.files:
            yield from self.line("  attachment  ", self._marked(file.spans))

    def body(self, diff: TextDiff) -> Iterator[str]:
        """Yield the body: a rewritten one as two columns, where there is room for them."""
        if diff.is_rewritten and self.columns is not None and self.columns >= _LEAST_COLUMNS:
            yield from self._beside(sides(diff), (self.columns - 6) // 2)
            return
        for part in folded_body(diff.body):
            if isinstance(part, Fold):
                yield f"  … {part}"
            else:
                yield from self.line(f"  {_SIGNS[part.kind]} ", self._paragraph(part))

    def text(self, start: str, text: str, style: str = "") -> Iterator[str]:
        """Yield the lines of a text without marks."""
        return self.line(start, styled(safe(text), style))

    def line(self, start: str, pieces: Iterable[Styled]) -> Iterator[str]:
        """Yield one line, or several of which the others are indented as far as the text of the first."""
        indent = " " * cells(start)
        lines = [pieces] if self.columns is None else wrapped(pieces, max(self.columns - len(indent), len(indent)))
        for at, line in enumerate(lines):
            yield f"{indent if at else start}{painted(line)}"

    def _beside(self, rows: Iterable[Row], columns: int) -> Iterator[str]:
        """Yield what stood there beside what stands there now."""
        yield _row("before", "after", columns)
        for row in rows:
            both = (wrapped(styled(safe("".join(span.new for span in side))), columns) for side in (row.old, row.new))
            for left, right in zip_longest(*both, fillvalue=()):
                yield _row(painted(left), painted(right), columns)
            yield _row("", "", columns)

    def _paragraph(self, paragraph: ParagraphDiff) -> list[Styled]:
        words = styled(_WORDS.get(paragraph.kind, ""))
        if paragraph.kind == "moved-away":
            return words + styled(self._shown(paragraph.spans[0].old))
        return words + self._marked(paragraph.spans)

    def _marked(self, spans: Iterable[Span]) -> list[Styled]:
        return [piece for span in spans for piece in self._span(span)]

    def _span(self, span: Span) -> Iterator[Styled]:
        left, right = ("", "") if self.colour else _BRACKETS[span.kind]
        style = _STYLES[span.kind] if self.colour else ""
        shown = styled(self._shown(span.new or span.old), style)
        return ((token, style) for token, style in [(left, style), *shown, (right, style)] if token)

    def _shown(self, text: str) -> str:
        """Return a text of the page that cannot be taken for marks."""
        taken = _IN_COLOUR if self.colour else _IN_BRACKETS
        return "¶".join(taken.sub(_escape, safe(part)) for part in text.split(BREAK))


def _escape(taken: re.Match[str]) -> str:
    slashes, sign = taken.groups()
    return f"{2 * slashes}\\{sign}" if sign else 2 * slashes


def _row(left: str, right: str, columns: int) -> str:
    return f"  {left}{' ' * (columns - cells(left))} │ {right}".rstrip()

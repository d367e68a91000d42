"""A body side by side: what stood there in one column, what stands there now in the other."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from msgspec import Struct

from core.diff import TextDiff
from core.marks import Span
from core.paragraphs import BREAK, ParagraphDiff
from reports.folding import Fold, folded_body


class Row(Struct, frozen=True):
    """One row; a side without spans is empty. `fold` holds paragraphs that did not change, instead of sides."""

    kind: str
    old: tuple[Span, ...] = ()
    new: tuple[Span, ...] = ()
    fold: Fold | None = None


def sides(diff: TextDiff) -> list[Row]:
    """Return the rows of a body; a removed paragraph and an added one behind it share one.

    A rewritten body is two texts beside each other, without marks: what they share by chance would only mislead.
    """
    if diff.is_rewritten:
        old, new = (list(_texts(diff, side)) for side in ("old", "new"))
        return [Row("rewritten", _plain(one), _plain(other)) for one, other in zip_longest(old, new, fillvalue="")]
    return list(_joined([_row(part) for part in folded_body(diff.body)]))


def _texts(diff: TextDiff, side: str) -> Iterator[str]:
    elsewhere = ("added", "moved") if side == "old" else ("removed", "moved-away")
    for paragraph in diff.body:
        if paragraph.kind not in elsewhere:
            yield from "".join(getattr(span, side) for span in paragraph.spans).split(BREAK)


def _plain(text: str) -> tuple[Span, ...]:
    return (Span("equal", text, text),) if text else ()


def _row(part: ParagraphDiff | Fold) -> Row:
    if isinstance(part, Fold):
        return Row("same", fold=part)
    old = tuple(span for span in part.spans if span.old and part.kind != "moved")
    new = tuple(span for span in part.spans if span.new and part.kind != "moved-away")
    return Row(part.kind, old, new)


def _joined(rows: Sequence[Row]) -> Iterator[Row]:
    """Put runs of removed and added paragraphs beside each other, in order."""
    at = 0
    while at < len(rows):
        removed = _run(rows, at, "removed")
        added = _run(rows, at + len(removed), "added")
        if not removed and not added:
            yield rows[at]
            at += 1
            continue
        for one, other in zip_longest(removed, added, fillvalue=Row("")):
            kind = "replaced" if one.kind and other.kind else one.kind or other.kind
            yield Row(kind, one.old, other.new)
        at += len(removed) + len(added)


def _run(rows: Sequence[Row], start: int, kind: str) -> list[Row]:
    end = start
    while end < len(rows) and rows[end].kind == kind:
        end += 1
    return list(rows[start:end])

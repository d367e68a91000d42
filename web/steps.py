"""The life of a page in steps: one for each unbroken time it showed a version, marked against the step before."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from core.diff import FieldDiff, diff_texts
from core.marks import Span
from core.model import Attachment, NormalText
from core.paragraphs import BREAK, ParagraphDiff
from storage.overview import Overview
from storage.rows import SpellRow

STEPS, LETTERS = 200, 1_000_000
"""The newest steps are shown, so many of so many letters in all; a browser does not like more in one view."""
_Numbered = tuple[int, SpellRow]
_LINES = ("title", "published", "source", "editor")


class File(Struct, frozen=True):
    """An attachment, and whether it is `same`, `added` or `removed`."""

    kind: str
    name: str
    url: str


class Step(Struct, frozen=True):
    """One step: the whole text of the version it showed, with marks. `is_last`: the version does not come again."""

    number: int
    version: int
    first_at: datetime
    last_at: datetime
    is_last: bool
    fields: tuple[FieldDiff, ...]
    body: tuple[ParagraphDiff, ...]
    files: tuple[File, ...]


def steps_of(reader: Overview, page: int) -> tuple[tuple[Step, ...], int]:
    """Return the newest steps of a page, oldest first, and how many older ones are left out."""
    spells = list(enumerate(reader.history(page), 1))
    shown = _fitting(spells[-STEPS:], reader.lengths(page))
    texts = {number: row.text for number, row in reader.versions(page, {spell.number for _, spell in shown}).items()}
    before = [None, *(texts[spell.number] for _, spell in shown)]
    last = {spell.number: at for at, spell in shown}
    steps = tuple(
        Step(
            at,
            spell.number,
            spell.first_seen_at,
            spell.last_seen_at,
            last[spell.number] == at,
            *_marked(old, texts[spell.number]),
        )
        for (at, spell), old in zip(shown, before, strict=False)
    )
    return steps, len(spells) - len(shown)


def _fitting(spells: list[_Numbered], lengths: Mapping[int, int]) -> list[_Numbered]:
    """Return the newest spells whose texts fit into one view; two in any case, to have something to compare."""
    totals = accumulate(lengths[spell.number] for _, spell in reversed(spells))
    return spells[-max(2, sum(1 for letters in totals if letters <= LETTERS)) :]


def _marked(
    old: NormalText | None, new: NormalText
) -> tuple[tuple[FieldDiff, ...], tuple[ParagraphDiff, ...], tuple[File, ...]]:
    """Return the whole of a text, fields, body and attachments, with what differs from `old` marked."""
    diff = diff_texts(old or new, new)
    differs = {field.field: field for field in diff.fields}
    lines = ((name, getattr(new, name)) for name in _LINES)
    fields = tuple(differs.get(name) or FieldDiff(name, (_same(value),)) for name, value in lines if value is not None)
    body = diff.body or tuple(ParagraphDiff("same", (_same(text),)) for text in new.body or ())
    came = {file.new for file in diff.files}
    files = [_file("removed", file.old) for file in diff.files if file.old]
    files += [_file("added" if file in came else "same", file) for file in new.attachments or ()]
    return fields, tuple(part for paragraph in body for part in _one_by_one(paragraph)), tuple(files)


def _one_by_one(paragraph: ParagraphDiff) -> Iterator[ParagraphDiff]:
    """Yield the paragraphs that one was split in, each by itself."""
    spans: list[Span] = []
    for span in paragraph.spans:
        first, *others = span.new.split(BREAK) if paragraph.kind == "split" else [span.new]
        spans.append(replace(span, new=first))
        for text in others:
            yield replace(paragraph, spans=tuple(spans))
            spans = [Span("insert", "", text)]
    yield replace(paragraph, spans=tuple(spans))


def _same(text: str) -> Span:
    return Span("equal", text, text)


def _file(kind: str, file: Attachment) -> File:
    return File(kind, file.name, file.url)

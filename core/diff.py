"""What differs between two normal texts: fields as fields, the body paragraph by paragraph, the words inside."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from core.align import align
from core.compare import changed_fields
from core.marks import Span, mark, whole
from core.model import Attachment, NormalText
from core.normalize import canonical

ParagraphKind = Literal["same", "edited", "added", "removed", "moved", "moved-away"]

REWRITTEN_BELOW = 0.25
"""A body of which less than this share was kept is told as rewritten."""
_LEAST_MOVED_CHARS = 8


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field of one line that differs, with its marks."""

    field: str
    spans: tuple[Span, ...]

    @property
    def old(self) -> str:
        """The whole old value."""
        return "".join(span.old for span in self.spans)

    @property
    def new(self) -> str:
        """The whole new value."""
        return "".join(span.new for span in self.spans)


@dataclass(frozen=True, slots=True)
class ParagraphDiff:
    """One paragraph in reading order. A moved one stands where it now is, and as `moved-away` where it was."""

    kind: ParagraphKind
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class TextDiff:
    """The whole difference. `body` is empty where the body does not differ."""

    fields: tuple[FieldDiff, ...]
    body: tuple[ParagraphDiff, ...]
    attachments_added: tuple[Attachment, ...]
    attachments_removed: tuple[Attachment, ...]
    attachments_reordered: bool = False
    """The same files stand in another order."""

    @cached_property
    def kept(self) -> float:
        """The share of the body's characters that stayed, 0 to 1."""
        moved = sum(len(span.new) for paragraph in self.body if paragraph.kind == "moved" for span in paragraph.spans)
        kept = self._chars("equal", "new") + moved
        most = kept + max(self.chars_added, self.chars_removed)
        return kept / most if most else 1.0

    @property
    def is_rewritten(self) -> bool:
        """Whether so little of a body was kept that it is better told as another one."""
        return bool(self.body) and self.kept < REWRITTEN_BELOW

    @property
    def chars_added(self) -> int:
        """Characters of the body that came."""
        return self._chars("insert", "new")

    @property
    def chars_removed(self) -> int:
        """Characters of the body that went."""
        return self._chars("delete", "old")

    def _chars(self, kind: str, side: str) -> int:
        still = (paragraph for paragraph in self.body if not paragraph.kind.startswith("moved"))
        spans = (span for paragraph in still for span in paragraph.spans)
        return sum(len(getattr(span, side)) for span in spans if span.kind == kind)


def diff_texts(old: NormalText, new: NormalText) -> TextDiff:
    """Return what differs, by the comparison of `changed_fields`."""
    changed = {change.field for change in changed_fields(old, new)}
    lines = [name for name in ("title", "published", "source", "editor") if name in changed]
    files = "attachments" in changed
    added = _only(new.attachments, old.attachments) if files else ()
    removed = _only(old.attachments, new.attachments) if files else ()
    return TextDiff(
        fields=tuple(FieldDiff(name, mark(getattr(old, name), getattr(new, name))) for name in lines),
        body=_body(old.body or (), new.body or ()) if "body" in changed else (),
        attachments_added=added,
        attachments_removed=removed,
        attachments_reordered=files and not (added or removed),
    )


def summary(diff: TextDiff) -> str:
    """Return one line: `editor 白婉苹 -> 贺茜; 2 paragraphs edited, 1 added, +86 -41 characters`."""
    said = [f"{field.field} {field.old or '(empty)'} -> {field.new or '(empty)'}" for field in diff.fields]
    said += [_body_words(diff)] if diff.body else []
    files = (("added", diff.attachments_added), ("removed", diff.attachments_removed))
    said += [f"attachment {word}: {file.name}" for word, found in files for file in found]
    said += ["attachments in another order"] if diff.attachments_reordered else []
    return "; ".join(said)


def _body(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[ParagraphDiff, ...]:
    pairs = align([canonical(text) for text in old], [canonical(text) for text in new])
    paragraphs = [_paragraph("" if i is None else old[i], "" if j is None else new[j]) for i, j in pairs]
    return tuple(_with_moves(paragraphs))


def _paragraph(old: str, new: str) -> ParagraphDiff:
    if not old or not new:
        return ParagraphDiff("added" if new else "removed", whole(old, new))
    if canonical(old) == canonical(new):
        return ParagraphDiff("same", (Span("equal", old, new),))
    return ParagraphDiff("edited", mark(old, new))


def _with_moves(paragraphs: list[ParagraphDiff]) -> list[ParagraphDiff]:
    """Tell a paragraph that was removed at one place and added at another as moved."""
    places = {kind: _places(paragraphs, kind) for kind in ("added", "removed")}
    told = list(paragraphs)
    for key, came in places["added"].items():
        for new, old in zip(came, places["removed"].get(key, ()), strict=False):
            told[new] = replace(told[new], kind="moved")
            told[old] = replace(told[old], kind="moved-away")
    return told


def _places(paragraphs: list[ParagraphDiff], kind: str) -> dict[str, list[int]]:
    """Return where paragraphs of some length were added or removed, by their text."""
    places: dict[str, list[int]] = {}
    for at, paragraph in enumerate(paragraphs):
        if paragraph.kind == kind:
            text = canonical(paragraph.spans[0].old or paragraph.spans[0].new)
            if len(text) >= _LEAST_MOVED_CHARS:
                places.setdefault(text, []).append(at)
    return places


def _only(one: tuple[Attachment, ...] | None, other: tuple[Attachment, ...] | None) -> tuple[Attachment, ...]:
    known = set(other or ())
    return tuple(file for file in one or () if file not in known)


def _body_words(diff: TextDiff) -> str:
    counts = Counter(paragraph.kind for paragraph in diff.body)
    if diff.is_rewritten:
        return f"body rewritten, {diff.kept:.0%} kept"
    kinds: tuple[ParagraphKind, ...] = ("edited", "added", "removed", "moved")
    told = [f"{counts[kind]} {kind}" for kind in kinds if counts[kind] > 0]
    first, *rest = told
    number, kind = first.split()
    noun = "paragraph" if number == "1" else "paragraphs"
    return f"{', '.join([f'{number} {noun} {kind}', *rest])}, +{diff.chars_added} -{diff.chars_removed} characters"

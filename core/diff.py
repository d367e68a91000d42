"""What differs between two normal texts: fields as fields, the body paragraph by paragraph, the words inside."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from core.align import align, similarity
from core.compare import changed_fields
from core.marks import Span, mark, whole
from core.model import Attachment, NormalText
from core.normalize import canonical, comparable

ParagraphKind = Literal["same", "edited", "added", "removed", "moved", "moved-away"]

REWRITTEN_BELOW = 0.25
"""A body of which less than this share was kept is told as rewritten."""
_MOST_UNLIKE_CHARS = 50_000
"""Of all edited paragraphs. Marking the words of more takes 1 to 3 s, and nobody reads them: replaced whole."""
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


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One attachment that differs: a file under the same address is renamed, another of the same name replaced."""

    kind: Literal["added", "removed", "renamed", "replaced"]
    names: tuple[str, ...]


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
        """The share of the longer body's characters that stayed, 0 to 1."""
        longer = self.chars_kept + max(self.chars_added, self.chars_removed)
        return self.chars_kept / longer if longer else 1.0

    @property
    def is_rewritten(self) -> bool:
        """Whether so little of either body was kept that it is better told as another one.

        What was only added to, or only cut, is not rewritten, however much that was.
        """
        shorter = self.chars_kept + min(self.chars_added, self.chars_removed)
        return self.chars_kept < REWRITTEN_BELOW * shorter

    @cached_property
    def chars_kept(self) -> int:
        """Characters of the body that stayed, wherever they now stand."""
        moved = sum(len(span.new) for paragraph in self.body if paragraph.kind == "moved" for span in paragraph.spans)
        return self._chars("equal", "new") + moved

    @cached_property
    def files(self) -> tuple[FileDiff, ...]:
        """The attachments that differ, what went and came again told as one."""
        came = dict.fromkeys(self.attachments_added)
        by_url, by_name = {file.url: file for file in came}, {file.name: file for file in came}
        told: list[FileDiff] = []
        for file in self.attachments_removed:
            twin = by_url.get(file.url) or by_name.get(file.name)
            if twin in came:
                del came[twin]
                told.append(FileDiff("renamed" if twin.url == file.url else "replaced", (file.name, twin.name)))
            else:
                told.append(FileDiff("removed", (file.name,)))
        return (*told, *(FileDiff("added", (file.name,)) for file in came))

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
    said += [f"attachment {file.kind}: {' -> '.join(dict.fromkeys(file.names))}" for file in diff.files]
    said += ["attachments in another order"] if diff.attachments_reordered else []
    return "; ".join(said)


def _body(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[ParagraphDiff, ...]:
    """Return the paragraphs of two bodies; one that shows nothing is not compared, and so is left out."""
    old, new = (tuple(text for text in body if canonical(text)) for body in (old, new))
    pairs = [
        ("" if i is None else old[i], "" if j is None else new[j]) for i, j in align(comparable(old), comparable(new))
    ]
    unlike = sum((1 - similarity(one, other)) * len(other) for one, other in pairs if one and other and one != other)
    marks = mark if unlike <= _MOST_UNLIKE_CHARS else whole
    return tuple(_with_moves([_paragraph(one, other, marks) for one, other in pairs]))


def _paragraph(old: str, new: str, marks: Callable[[str, str], tuple[Span, ...]]) -> ParagraphDiff:
    if not old or not new:
        return ParagraphDiff("added" if new else "removed", whole(old, new))
    if canonical(old) == canonical(new):
        return ParagraphDiff("same", (Span("equal", old, new),))
    return ParagraphDiff("edited", marks(old, new))


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
    known = {comparable((file,)) for file in other or ()}
    return tuple(file for file in one or () if comparable((file,)) not in known)


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

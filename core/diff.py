"""What differs between two normal texts: fields as fields, the body paragraph by paragraph, the words inside."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from core.attachments import FileDiff, diff_files
from core.compare import changed_fields
from core.marks import Span, mark
from core.model import NormalText
from core.normalize import comparable
from core.paragraphs import BREAK, ParagraphDiff, Side, diff_paragraphs

REWRITTEN_BELOW = 0.25
"""A body of which less than this share was kept is told as rewritten."""


class FieldDiff(Struct, frozen=True):
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


class TextDiff(Struct, frozen=True, dict=True):
    """The whole difference of two texts. `body` and `files` are empty where those do not differ."""

    old: NormalText
    new: NormalText
    fields: tuple[FieldDiff, ...]
    body: tuple[ParagraphDiff, ...]
    files: tuple[FileDiff, ...]
    are_files_reordered: bool = False
    """The same files stand in another order."""
    is_coarse: bool = False
    """So much was edited that in some paragraphs words were not compared: whole sentences are replaced there."""

    @property
    def is_silent(self) -> bool:
        """Whether something differs, and the published date that the page shows does not: it was not announced."""
        is_any = self.fields or self.body or self.files or self.are_files_reordered
        return bool(is_any and self.new.published) and self.old.published == self.new.published

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
        return self._chars("equal")

    @cached_property
    def chars_added(self) -> int:
        """Characters of the body that came."""
        return self._chars("insert")

    @cached_property
    def chars_removed(self) -> int:
        """Characters of the body that went."""
        return self._chars("delete")

    def _chars(self, kind: str) -> int:
        shown = (paragraph for paragraph in self.body if paragraph.kind != "moved-away")
        spans = (span for paragraph in shown for span in paragraph.spans if span.kind == kind)
        texts = (span.new or span.old for span in spans)
        return sum(len(text) - text.count(BREAK) for text in texts)


def diff_texts(old: NormalText, new: NormalText) -> TextDiff:
    """Return what differs, by the comparison of `changed_fields`."""
    changed = {change.field for change in changed_fields(old, replace(new, body=None))}
    lines = [name for name in ("title", "published", "source", "editor") if name in changed]
    body, are_all = _diff_bodies(old.body, new.body)
    files = diff_files(old.attachments or (), new.attachments or ()) if "attachments" in changed else ()
    return TextDiff(
        old=old,
        new=new,
        fields=tuple(FieldDiff(name, mark(getattr(old, name), getattr(new, name))) for name in lines),
        body=body,
        files=files,
        are_files_reordered="attachments" in changed and not files,
        is_coarse=not are_all,
    )


def _diff_bodies(old: Sequence[str] | None, new: Sequence[str] | None) -> tuple[tuple[ParagraphDiff, ...], bool]:
    """Return nothing where a body is not observable, or the two are compared as equal."""
    if old is None or new is None or old == new:
        return (), True
    # Most paragraphs stand on both sides: the form of each is made once.
    forms = {text: "".join(comparable((text,))) for text in {*old, *new}}
    one, other = _side(old, forms), _side(new, forms)
    return ((), True) if one.forms == other.forms else diff_paragraphs(one, other)


def _side(body: Sequence[str], forms: Mapping[str, str]) -> Side:
    """Return the paragraphs that are compared: one that shows nothing is left out."""
    shown = tuple(text for text in body if forms[text])
    return Side(shown, tuple(forms[text] for text in shown))

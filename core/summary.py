"""A difference in one line, for lists and notifications."""

from collections import Counter

from core.attachments import FileDiff
from core.diff import TextDiff
from core.paragraphs import ParagraphKind

KINDS: tuple[ParagraphKind, ...] = ("edited", "split", "joined", "added", "removed", "moved")
"""What happens to paragraphs, in the order in which it is told."""


def summary(diff: TextDiff) -> str:
    """Return one line: `editor 白婉苹 -> 贺茜; 2 paragraphs edited, 1 added, +86 -41 characters`."""
    said = [f"{field.field} {field.old or '(empty)'} -> {field.new or '(empty)'}" for field in diff.fields]
    said += [_body(diff)] if diff.body else []
    said += [f"attachment {file.kind}: {_names(file)}" for file in diff.files]
    said += ["attachments in another order"] if diff.are_files_reordered else []
    said += ["published date unchanged: a silent edit"] if diff.is_silent else []
    return "; ".join(said)


def _body(diff: TextDiff) -> str:
    if diff.is_rewritten:
        return f"body rewritten, {diff.kept:.0%} kept"
    counts = Counter(paragraph.kind for paragraph in diff.body)
    told = [f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]]
    number, kind = told[0].split()
    noun = "paragraph" if number == "1" else "paragraphs"
    coarse = ", too much for every word to be compared" if diff.is_coarse else ""
    words = ", ".join([f"{number} {noun} {kind}", *told[1:]])
    return f"{words}, +{diff.chars_added} -{diff.chars_removed} characters{coarse}"


def _names(file: FileDiff) -> str:
    return " -> ".join(dict.fromkeys(one.name for one in (file.old, file.new) if one))

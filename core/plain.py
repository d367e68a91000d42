"""Reading the fields of a page that was saved as plain text: by its order of lines and their labels."""

from collections import Counter
from collections.abc import Sequence

from core.dates import is_only_date, read_date
from core.extract import Extraction
from core.labels import EDITOR, SOURCE, names_chief, read_closing_editor, read_label
from core.model import Evidence
from core.normalize import canonical
from core.profile import Rule
from core.rules import apply_rules, matches_block

SECOND_COPY = "second-copy"
"""Counts as a rule: the article told once more further down (the elder version of the page)."""

_MOST_LABEL_CHARS = 80
_ATTRIBUTES_WITHIN = 3
_CLOSING_LINES = 4


def extract_text(blocks: Sequence[str], rules: Sequence[Rule], removed: Counter[str]) -> Extraction:
    """Return the fields of a text capture; `removed` counts what was taken out besides the rules of the body.

    The headline is the line before the first attributes (date, 来源); the body runs from behind them to the
    line of the responsible editor (or the last line of an editor), to a second copy of the article or to the end.
    """
    found = Extraction()
    start = _headline(blocks, rules)
    if start is None:
        found.body = apply_rules(blocks, rules, removed)
        return found
    found.title = blocks[start]
    found.evidence.append(Evidence("title", f"line {start + 1}", found.title))
    copy = blocks[start + 1 : _second_copy(blocks, start, removed)]
    behind = _attributes(copy, start, rules, found, removed)
    end = _editor_line(copy, behind)
    if end is None:
        found.body = apply_rules(copy[behind:], rules, removed)
        closing = [(at, copy[at]) for at in range(behind, len(copy)) if copy[at] in found.body[-_CLOSING_LINES:]]
        for at, block in closing:
            _note(found, "editor", start + at + 2, read_closing_editor(block))
        return found
    found.body = tuple(copy[behind:end])
    _note(found, "editor", start + end + 2, read_label(EDITOR, copy[end]))
    apply_rules(copy[end:], rules, removed)
    return found


def _headline(blocks: Sequence[str], rules: Sequence[Rule]) -> int | None:
    for at in range(1, len(blocks)):
        if _is_attribute(blocks[at]) and not (_is_attribute(blocks[at - 1]) or matches_block(blocks[at - 1], rules)):
            return at - 1
    return None


def _second_copy(blocks: Sequence[str], start: int, removed: Counter[str]) -> int:
    """Return where the same headline stands again with attributes of its own, or the end."""
    title = canonical(blocks[start])
    for at in range(start + 2, len(blocks)):
        if canonical(blocks[at]) == title and any(map(_is_attribute, blocks[at + 1 : at + 1 + _ATTRIBUTES_WITHIN])):
            removed[SECOND_COPY] += sum(map(len, blocks[at:]))
            return at
    return len(blocks)


def _attributes(
    copy: Sequence[str], start: int, rules: Sequence[Rule], found: Extraction, removed: Counter[str]
) -> int:
    """Read the attributes below the headline; return where the body begins."""
    at = 0
    while at < len(copy) and (_is_attribute(copy[at]) or matches_block(copy[at], rules)):
        line = start + at + 2
        _note(found, "published", line, read_date(copy[at]) or None)
        _note(found, "source", line, read_label(SOURCE, copy[at]))
        _note(found, "editor", line, read_label(EDITOR, copy[at]))
        if not _is_attribute(copy[at]):
            apply_rules([copy[at]], rules, removed)
        at += 1
    return at


def _note(found: Extraction, name: str, line: int, value: str | None) -> None:
    if value is not None and not getattr(found, name):
        setattr(found, name, value)
        found.evidence.append(Evidence(name, f"line {line}", value))


def _is_attribute(block: str) -> bool:
    return len(block) <= _MOST_LABEL_CHARS and (is_only_date(block) or read_label(SOURCE, block) is not None)


def _editor_line(copy: Sequence[str], behind: int) -> int | None:
    """Return where an editor is named in a line of its own: the responsible one first of all, else the last."""
    lines = [at for at in range(behind, len(copy)) if _is_editor(copy[at])]
    return next((at for at in lines if names_chief(copy[at])), lines[-1] if lines else None)


def _is_editor(block: str) -> bool:
    return len(block) <= _MOST_LABEL_CHARS and "。" not in block and read_label(EDITOR, block) is not None

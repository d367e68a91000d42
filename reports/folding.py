"""Folding: runs of what did not change are told by their number, in bodies and in timelines."""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from core.hosts import host_of
from core.paragraphs import ParagraphDiff
from reports.plain import count
from reports.values import ChangeGroup, TimelineEntry

MOST_OTHERS = 100
"""So many changes told by the words of another are named; of the rest only the number is told."""


class Fold(Struct, frozen=True):
    """A run of paragraphs that did not change."""

    paragraphs: tuple[ParagraphDiff, ...]

    def __str__(self) -> str:
        return f"{count(len(self.paragraphs), 'paragraph')} unchanged"


class Run(Struct, frozen=True):
    """Checks in a row that found the same, as the first and the last of them; any other check is a run of one."""

    first: TimelineEntry
    last: TimelineEntry
    checks: int


def folded_body(body: Sequence[ParagraphDiff]) -> list[ParagraphDiff | Fold]:
    """Return the paragraphs that differ, and between them the others as folds."""
    parts: list[ParagraphDiff | Fold] = []
    for is_same, run in groupby(body, key=lambda paragraph: paragraph.kind == "same"):
        found = tuple(run)
        parts += [Fold(found)] if is_same else found
    return parts


def folded_timeline(timeline: Sequence[TimelineEntry]) -> list[Run]:
    """Return the checks of a timeline as runs, in its order."""
    runs = groupby(timeline, key=lambda entry: (entry.said, entry.reason) if entry.said == "same" else entry.at)
    found = (list(run) for _, run in runs)
    return [Run(run[0], run[-1], sum(entry.checks for entry in run)) for run in found]


def group_words(group: ChangeGroup) -> str:
    """Return what changes have in common that are told as one; nothing for a single one."""
    newest = group.newest
    if group.kind == "redesign":
        return f"{count(len(group.changes), 'page')} of {host_of(newest.url)} changed alike"
    if group.kind == "flapping":
        turns = count(len(group.changes), "turn")
        return f"{newest.title or newest.name or newest.url}: {turns} between two versions"
    return ""

"""What happened to each paragraph of a body: edited, added, removed, moved, split in several, joined to one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, product
from operator import add
from typing import Literal

from msgspec import Struct

from core.align import align, is_same, similarity
from core.anchors import sharing_clauses
from core.marks import Span, mark_all, whole

ParagraphKind = Literal["same", "edited", "added", "removed", "moved", "moved-away", "split", "joined"]

BREAK = "\n"
"""Where one paragraph ends and the next begins, in the spans of what was split or joined."""
_LEAST_MOVED_CHARS = 3
_LEAST_REPEATED_CHARS = 8
"""A shorter text that stands several times is never told as moved: it is a heading or a row of numbers."""
_ALIKE_WHEN_MOVED = 0.6
_MOST_PAIRS = 1_000
"""Of what went and came, all compared with all: 10 ms. Of more only those that share a clause."""
_ALIKE_WHEN_SPLIT = 0.8
_LEAST_OF_PART = 0.6
_MOST_PARTS = 20
"""Beside a text on each side, as its parts: looking at all was quadratic."""


class ParagraphDiff(Struct, frozen=True):
    """One paragraph in reading order. A moved one stands where it now is, and as `moved-away` where it was.

    The spans of a split one hold all its new paragraphs, those of a joined one all its old ones, with BREAK between.
    A moved one can be edited too; its spans tell it.
    """

    kind: ParagraphKind
    spans: tuple[Span, ...]


class Side(Struct, frozen=True):
    """The paragraphs of one body as shown, and as they are compared."""

    shown: tuple[str, ...]
    forms: tuple[str, ...]


_Match = tuple[tuple[int, ...], tuple[int, ...]]
"""Places that belong together: one on each side, none on one side, or several on one."""
_NOTHING: _Match = ((), ())


def diff_paragraphs(old: Side, new: Side) -> tuple[tuple[ParagraphDiff, ...], bool]:
    """Return what happened to the paragraphs, in reading order, and whether all their words could be compared."""
    matches = list(_matches(old.forms, new.forms))
    moved = _moves(old.forms, new.forms, matches)
    gone = set(moved.values())
    drafts = [_draft(old, new, match, moved, gone) for match in matches]
    marks, are_all = mark_all((draft.old, draft.new) for draft in drafts if not draft.spans)
    marked = iter(marks)
    return tuple(ParagraphDiff(draft.kind, draft.spans or next(marked)) for draft in drafts), are_all


def _matches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Match]:
    """Yield all places of both sides in reading order, what was split or joined taken together."""
    pairs = align(old, new)
    for is_kept, run in groupby(pairs, key=lambda pair: is_same(old, new, pair)):
        zone: list[_Match] = [(() if i is None else (i,), () if j is None else (j,)) for i, j in run]
        if not is_kept:
            split = _gathered(zone, old, new)
            zone = [(i, j) for j, i in _gathered([(j, i) for i, j in split], new, old)]
        yield from zone


def _gathered(zone: Sequence[_Match], texts: Sequence[str], parts: Sequence[str]) -> list[_Match]:
    """Put to each text what stands beside it on the other side and is a part of it, if it then is all of it."""
    found = list(zone)
    for at, (one, run) in enumerate(zone):
        if len(one) != 1 or found[at] != zone[at]:
            continue
        nearest = range(at - 1, max(at - _MOST_PARTS, 0) - 1, -1), range(at + 1, min(at + _MOST_PARTS, len(found)))
        before, behind = (list(_parts(texts[one[0]], found, places, parts)) for places in nearest)
        before.reverse()
        more = (*(found[place][1][0] for place in before), *run, *(found[place][1][0] for place in behind))
        whole_text = "".join(parts[place] for place in more)
        if len(more) > 1 and similarity(texts[one[0]], whole_text) >= _ALIKE_WHEN_SPLIT:
            found[at] = (one, more)
            for place in (*before, *behind):
                found[place] = _NOTHING
    return [match for match in found if match != _NOTHING]


def _parts(text: str, zone: Sequence[_Match], places: Iterable[int], parts: Sequence[str]) -> Iterator[int]:
    """Yield the places beside a text, nearest first, that belong to no other and hold a part of it."""
    letters: set[str] = set()
    for place in places:
        one, run = zone[place]
        if not run:
            continue
        if one or BREAK in text + parts[run[0]]:
            return
        letters, own = letters or _letter_pairs(text), _letter_pairs(parts[run[0]])
        if len(own & letters) <= len(own) * _LEAST_OF_PART:
            return
        yield place


def _letter_pairs(text: str) -> set[str]:
    return set(map(add, text, text[1:]))


def _moves(old: Sequence[str], new: Sequence[str], matches: Sequence[_Match]) -> dict[int, int]:
    """Return, by its new place, the old place of what went at one place and came at another, edited or not."""
    went = _by_text(old, (one[0] for one, other in matches if not other))
    came = _by_text(new, (other[0] for one, other in matches if not one))
    moved: dict[int, int] = {}
    for text in came.keys() & went.keys():
        is_alone = len(came[text]) == len(went[text]) == 1
        if len(text) >= (_LEAST_MOVED_CHARS if is_alone else _LEAST_REPEATED_CHARS):
            moved |= zip(came[text], went[text], strict=False)
    gone = set(moved.values())
    left_old = [i for places in went.values() for i in places if i not in gone]
    left_new = [j for places in came.values() for j in places if j not in moved]
    for i, j in _likely(old, new, left_old, left_new):
        if i not in gone and j not in moved and similarity(old[i], new[j]) >= _ALIKE_WHEN_MOVED:
            moved[j] = i
            gone.add(i)
    return moved


def _likely(old: Sequence[str], new: Sequence[str], went: Sequence[int], came: Sequence[int]) -> list[tuple[int, int]]:
    """Return what may be one paragraph, edited: all that are not short, or of many those with a clause in common."""
    went = [i for i in went if len(old[i]) >= _LEAST_REPEATED_CHARS]
    came = [j for j in came if len(new[j]) >= _LEAST_REPEATED_CHARS]
    if len(went) * len(came) <= _MOST_PAIRS:
        return list(product(went, came))
    shared = sharing_clauses([old[i] for i in went], [new[j] for j in came])
    return [(went[at_old], came[at_new]) for at_old, at_new in shared]


def _by_text(texts: Sequence[str], places: Iterable[int]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        found[texts[place]].append(place)
    return dict(found)


class _Draft(Struct, frozen=True):
    """A paragraph before the words inside are marked."""

    kind: ParagraphKind
    old: str
    new: str

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans where nothing is to be compared, else none."""
        if self.kind == "same":
            return (Span("equal", self.old, self.new),)
        return () if self.old and self.new else whole(self.old, self.new)


def _draft(old: Side, new: Side, match: _Match, moved: dict[int, int], gone: Collection[int]) -> _Draft:
    at_old, at_new = match
    one = BREAK.join(old.shown[place] for place in at_old)
    other = BREAK.join(new.shown[place] for place in at_new)
    if len(at_old) == len(at_new) == 1:
        return _Draft("same" if old.forms[at_old[0]] == new.forms[at_new[0]] else "edited", one, other)
    if one and other:
        return _Draft("split" if len(at_new) > 1 else "joined", one, other)
    if one:
        return _Draft("moved-away" if at_old[0] in gone else "removed", one, "")
    if at_new[0] in moved:
        return _Draft("moved", old.shown[moved[at_new[0]]], other)
    return _Draft("added", "", other)

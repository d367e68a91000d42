"""Aligning two lists of paragraphs (or sentences): which stayed, which were edited, which came, went or moved."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from operator import add

from msgspec import Struct

from core.anchors import MOST_STEPS, Places, anchors, anchors_by_clause, few_edits
from core.patterns import lazy_pattern

Pair = tuple[int | None, int | None]
"""Places in the old and the new list; None on one side: it came or went."""

ALIKE = 0.4
"""Two paragraphs are one, edited, from this share of common letter pairs on (Dice). Below, marks are confetti."""
_MOST_WORK = 30_000_000
"""The most letters that are compared to find what is alike: 0.4 s. Past that, the largest gaps are paired in step."""
_CELL_LETTERS = 60
"""What a comparison costs beside the letters of both, in letters."""
_LARGE_SHARE = 20
_NUMBERS = "0-9〇零一二三四五六七八九十百"
_ORDINAL = lazy_pattern(rf"(?:[(（]?[{_NUMBERS}]{{1,4}}[)）.、．]|第[{_NUMBERS}]{{1,4}}[条章节项款])\s?")
"""The number of a list item, which says nothing of what the item is."""

_LONG_CHARS = 5_000
_SAMPLE = lazy_pattern(f"[{''.join(map(re.escape, map(chr, range(0, 0xD800, 32))))}].", re.DOTALL)
"""One in 32 kinds of letter pairs: enough to tell how like long texts are, in a twentieth of the time."""

_Find = Callable[[Sequence[str], Sequence[str]], list[Places]]
Letters = frozenset[str]
"""The letter pairs of a paragraph, with its edges as letters."""


class _Gap(Struct, frozen=True):
    """What lies between two anchors: ranges of the old and the new list."""

    old: range
    new: range


def align(old: Sequence[str], new: Sequence[str], most_work: int = _MOST_WORK) -> list[Pair]:
    """Return the pairs of two lists in reading order; equal ones first, then the alike ones between them.

    What stands elsewhere on the other side unchanged has moved, and is never taken for an edit of what is only like
    it. In the gaps between equal ones all is compared with all; a gap too large for that is narrowed before.
    """
    everything = _Gap(range(len(old)), range(len(new)))
    pieces: Iterable[Places | _Gap] = _pieces(old, new, everything, anchors)
    steps = MOST_STEPS * most_work // _MOST_WORK
    for find in (partial(few_edits, most_steps=steps), _alike_by_clause):
        pieces = _narrowed(old, new, pieces, find, most_work // _LARGE_SHARE)
    pieces = list(pieces)
    gaps = [piece for piece in pieces if isinstance(piece, _Gap)]
    moved = {old[i] for gap in gaps for i in gap.old} & {new[j] for gap in gaps for j in gap.new}
    affordable = _affordable(old, new, gaps, most_work)
    pairs: list[Pair] = []
    for piece in pieces:
        if isinstance(piece, tuple):
            pairs.append(piece)
        else:
            sides = [_letters(old[i], moved) for i in piece.old], [_letters(new[j], moved) for j in piece.new]
            pairs += (_fill if piece in affordable else _in_step)(piece, *sides)
    return pairs


def is_same(old: Sequence[str], new: Sequence[str], pair: Pair) -> bool:
    """Return whether a pair has both sides, and they are equal."""
    i, j = pair
    return i is not None and j is not None and old[i] == new[j]


def similarity(old: str, new: str) -> float:
    """Return the share of letter pairs that two texts have in common, 0 to 1 (Dice's coefficient)."""
    return _dice(_letters(old), _letters(new))


def _narrowed(
    old: Sequence[str], new: Sequence[str], pieces: Iterable[Places | _Gap], find: _Find, most_work: int
) -> Iterator[Places | _Gap]:
    for piece in pieces:
        if isinstance(piece, _Gap) and _work(old, new, piece) > most_work:
            yield from _pieces(old, new, piece, find)
        else:
            yield piece


def _pieces(old: Sequence[str], new: Sequence[str], gap: _Gap, find: _Find) -> Iterator[Places | _Gap]:
    """Yield what a gap is narrowed to, in order: pairs found and what is equal beside them, and the gaps between."""
    at_old, at_new = gap.old.start, gap.new.start
    found = find(old[at_old : gap.old.stop], new[at_new : gap.new.stop])
    ends = [(at_old + i, at_new + j) for i, j in found]
    for anchor_old, anchor_new in [*ends, (gap.old.stop, gap.new.stop)]:
        while at_old < anchor_old and at_new < anchor_new and old[at_old] == new[at_new]:
            yield at_old, at_new
            at_old, at_new = at_old + 1, at_new + 1
        end_old, end_new = anchor_old, anchor_new
        while end_old > at_old and end_new > at_new and old[end_old - 1] == new[end_new - 1]:
            end_old, end_new = end_old - 1, end_new - 1
        if at_old < end_old or at_new < end_new:
            yield _Gap(range(at_old, end_old), range(at_new, end_new))
        yield from zip(range(end_old, anchor_old), range(end_new, anchor_new), strict=True)
        if (anchor_old, anchor_new) != (gap.old.stop, gap.new.stop):
            yield anchor_old, anchor_new
        at_old, at_new = anchor_old + 1, anchor_new + 1


def _alike_by_clause(old: Sequence[str], new: Sequence[str]) -> list[Places]:
    return [(i, j) for i, j in anchors_by_clause(old, new) if similarity(old[i], new[j]) >= ALIKE]


def _work(old: Sequence[str], new: Sequence[str], gap: _Gap) -> int:
    """Return what it costs to compare all of a gap with all of it, in letters."""
    old_cost = sum(len(old[i]) + _CELL_LETTERS for i in gap.old)
    new_cost = sum(len(new[j]) + _CELL_LETTERS for j in gap.new)
    return len(gap.old) * new_cost + len(gap.new) * old_cost


def _affordable(old: Sequence[str], new: Sequence[str], gaps: Iterable[_Gap], most_work: int) -> set[_Gap]:
    """Return the gaps that can be filled within so much work, cheapest first."""
    costs = sorted(((_work(old, new, gap), gap) for gap in gaps), key=lambda cost: cost[0])
    total = accumulate(work for work, _ in costs)
    return {gap for (_, gap), spent in zip(costs, total, strict=True) if spent <= most_work}


def _fill(gap: _Gap, old: Sequence[Letters], new: Sequence[Letters]) -> list[Pair]:
    """Pair what is alike in a gap, keeping the order, so that the sum of likenesses is greatest."""
    rows, columns = len(gap.old), len(gap.new)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    alike = [[_dice(one, other) for other in new] for one in old]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            together = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    return list(_walk(gap, best, alike))


def _walk(gap: _Gap, best: list[list[float]], alike: list[list[float]]) -> Iterator[Pair]:
    i = j = 0
    while i < len(gap.old) and j < len(gap.new):
        if alike[i][j] >= ALIKE and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            yield gap.old[i], gap.new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield gap.old[i], None
            i += 1
        else:
            yield None, gap.new[j]
            j += 1
    yield from ((place, None) for place in gap.old[i:])
    yield from ((None, place) for place in gap.new[j:])


def _in_step(gap: _Gap, old: Sequence[Letters], new: Sequence[Letters]) -> list[Pair]:
    """Pair a gap place by place: what is alike at the same place is one, all else came or went."""
    pairs: list[Pair] = []
    for i, j, one, other in zip(gap.old, gap.new, old, new, strict=False):
        pairs += [(i, j)] if _dice(one, other) >= ALIKE else [(i, None), (None, j)]
    shorter = min(len(gap.old), len(gap.new))
    return [*pairs, *((i, None) for i in gap.old[shorter:]), *((None, j) for j in gap.new[shorter:])]


def _letters(text: str, moved: Collection[str] = ()) -> Letters:
    """Return the letter pairs of a text; of a moved one its whole, so that it is like nothing but itself."""
    if text in moved:
        return frozenset((f"\n{text}\n",))
    ordinal = _ORDINAL.match(text)
    edged = f"\n{text[ordinal.end() :] if ordinal else text}\n"
    if len(text) > _LONG_CHARS:
        return frozenset((edged[:2], edged[-2:], *_SAMPLE.findall(edged)))
    return frozenset(map(add, edged, edged[1:]))


def _dice(one: Letters, other: Letters) -> float:
    return 2 * len(one & other) / (len(one) + len(other))

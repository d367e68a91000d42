"""Aligning two lists of paragraphs (or sentences): which stayed, which were edited, which came, went or moved."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import add

Pair = tuple[int | None, int | None]
"""Places in the old and the new list; None on one side: it came or went."""

ALIKE = 0.4
"""Two paragraphs are one, edited, from this share of common letter pairs on (Dice). Below, marks are confetti."""
_MOST_WORK = 150_000_000
"""The most letters that are compared to find what is alike: 2 s. Past that, a rewrite is paired in step."""
_CELL_LETTERS = 60
"""What a comparison costs beside the letters of both, in letters."""

Letters = frozenset[str]
"""The letter pairs of a paragraph, with its edges as letters."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """What lies between two anchors: ranges of the old and the new list."""

    old: range
    new: range


def align(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the pairs of two lists in reading order; equal ones first, then the alike ones between them.

    Anchors are found as in patience diff: what stands once on both sides, in the longest common order. What stands
    elsewhere on the other side unchanged has moved, and is never taken for an edit of what is only like it.
    """
    pieces = list(_pieces(old, new))
    gaps = [piece for piece in pieces if isinstance(piece, _Gap)]
    fill = _fill if sum(_work(old, new, gap) for gap in gaps) <= _MOST_WORK else _in_step
    moved = {old[i] for gap in gaps for i in gap.old} & {new[j] for gap in gaps for j in gap.new}
    pairs: list[Pair] = []
    for piece in pieces:
        if isinstance(piece, tuple):
            pairs.append(piece)
        else:
            sides = (_letters(old[i], moved) for i in piece.old), (_letters(new[j], moved) for j in piece.new)
            pairs += fill(piece, *sides)
    return pairs


def similarity(old: str, new: str) -> float:
    """Return the share of letter pairs that two texts have in common, 0 to 1 (Dice's coefficient)."""
    return _dice(_letters(old), _letters(new))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int] | _Gap]:
    """Yield anchored pairs and the gaps between them, in order."""
    at_old = at_new = 0
    for anchor_old, anchor_new in [*_anchors(old, new), (len(old), len(new))]:
        while at_old < anchor_old and at_new < anchor_new and old[at_old] == new[at_new]:
            yield at_old, at_new
            at_old, at_new = at_old + 1, at_new + 1
        end_old, end_new = anchor_old, anchor_new
        while end_old > at_old and end_new > at_new and old[end_old - 1] == new[end_new - 1]:
            end_old, end_new = end_old - 1, end_new - 1
        if at_old < end_old or at_new < end_new:
            yield _Gap(range(at_old, end_old), range(at_new, end_new))
        yield from zip(range(end_old, anchor_old), range(end_new, anchor_new), strict=True)
        if anchor_old < len(old):
            yield anchor_old, anchor_new
        at_old, at_new = anchor_old + 1, anchor_new + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest common order of what stands exactly once on both sides."""
    once_old, once_new = _places(old), _places(new)
    common = [(at, once_new[key]) for key, at in once_old.items() if key in once_new]
    return _longest_rising(sorted(common))


def _places(keys: Sequence[str]) -> dict[str, int]:
    counts = Counter(keys)
    return {key: at for at, key in enumerate(keys) if counts[key] == 1}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that rises on both sides (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    back: list[int] = []
    for at, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        if pile == len(tops):
            tops.append(place)
            piles.append(at)
        else:
            tops[pile], piles[pile] = place, at
        back.append(piles[pile - 1] if pile else -1)
    run = []
    at = piles[-1] if piles else -1
    while at >= 0:
        run.append(pairs[at])
        at = back[at]
    return run[::-1]


def _work(old: Sequence[str], new: Sequence[str], gap: _Gap) -> int:
    """Return what it costs to compare all of a gap with all of it, in letters."""
    old_cost = sum(len(old[i]) + _CELL_LETTERS for i in gap.old)
    new_cost = sum(len(new[j]) + _CELL_LETTERS for j in gap.new)
    return len(gap.old) * new_cost + len(gap.new) * old_cost


def _fill(gap: _Gap, old: Iterator[Letters], new: Iterator[Letters]) -> list[Pair]:
    """Pair what is alike in a gap, keeping the order, so that the sum of likenesses is greatest."""
    rows, columns = len(gap.old), len(gap.new)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    others = list(new)
    alike = [[_dice(one, other) for other in others] for one in old]
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


def _in_step(gap: _Gap, old: Iterator[Letters], new: Iterator[Letters]) -> list[Pair]:
    """Pair a gap place by place: what is alike at the same place is one, all else came or went."""
    pairs: list[Pair] = []
    for i, j, one, other in zip(gap.old, gap.new, old, new, strict=False):
        pairs += [(i, j)] if _dice(one, other) >= ALIKE else [(i, None), (None, j)]
    shorter = min(len(gap.old), len(gap.new))
    return [*pairs, *((i, None) for i in gap.old[shorter:]), *((None, j) for j in gap.new[shorter:])]


def _letters(text: str, moved: Collection[str] = ()) -> Letters:
    """Return the letter pairs of a text; of a moved one its whole, so that it is like nothing but itself."""
    edged = f"\n{text}\n"
    return frozenset((edged,)) if text in moved else frozenset(map(add, edged, edged[1:]))


def _dice(one: Letters, other: Letters) -> float:
    return 2 * len(one & other) / (len(one) + len(other))

"""Aligning two lists of paragraphs (or sentences): which stayed, which were edited, which came, went or moved."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Pair = tuple[int | None, int | None]
"""Places in the old and the new list; None on one side: it came or went."""

ALIKE = 0.4
"""Two paragraphs are one, edited, from this share of common letter pairs on (Dice). Below, marks are confetti."""
_MOST_CELLS = 4_000


@dataclass(frozen=True, slots=True)
class _Gap:
    """What lies between two anchors: ranges of the old and the new list."""

    old: range
    new: range


def align(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the pairs of two lists in reading order; equal ones first, then the alike ones between them.

    Anchors are found as in patience diff: what stands once on both sides, in the longest common order. Time is
    O(n log n) apart from gaps of at most `_MOST_CELLS` pairs, so a total rewrite stays quick.
    """
    pairs: list[Pair] = []
    for piece in _pieces(old, new):
        pairs += [piece] if isinstance(piece, tuple) else _fill(old, new, piece)
    return pairs


def similarity(old: str, new: str) -> float:
    """Return the share of letter pairs that two texts have in common, 0 to 1 (Dice's coefficient)."""
    return _dice(_bigrams(old), _bigrams(new))


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


def _fill(old: Sequence[str], new: Sequence[str], gap: _Gap) -> list[Pair]:
    """Pair what is alike in a gap, keeping the order, so that the sum of likenesses is greatest."""
    if len(gap.old) * len(gap.new) > _MOST_CELLS:
        return _in_step(old, new, gap)
    pairs = [(_bigrams(old[i])) for i in gap.old], [(_bigrams(new[j])) for j in gap.new]
    rows, columns = len(gap.old), len(gap.new)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    alike = [[_dice(one, other) for other in pairs[1]] for one in pairs[0]]
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


def _in_step(old: Sequence[str], new: Sequence[str], gap: _Gap) -> list[Pair]:
    """Pair a large gap place by place: what is alike at the same place is one, all else came or went."""
    pairs: list[Pair] = []
    for i, j in zip(gap.old, gap.new, strict=False):
        pairs += [(i, j)] if similarity(old[i], new[j]) >= ALIKE else [(i, None), (None, j)]
    shorter = min(len(gap.old), len(gap.new))
    return [*pairs, *((i, None) for i in gap.old[shorter:]), *((None, j) for j in gap.new[shorter:])]


def _bigrams(text: str) -> Counter[str]:
    padded = f"\n{text}\n"
    return Counter(padded[at : at + 2] for at in range(len(padded) - 1))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    if len(one) > len(other):
        one, other = other, one
    common = sum(min(count, other[pair]) for pair, count in one.items() if pair in other)
    return 2 * common / (one.total() + other.total())

"""Finding what certainly belongs together in two lists of texts: what is unique on both sides, and few edits."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

Places = tuple[int, int]
"""A place in the old list and one in the new."""

_MOST_EDITS = 64
MOST_STEPS = 2_000_000
"""Of comparing two lists line by line: 0.3 s."""
_CLAUSE = re.compile("[^。.!?;…,:、\n]{6,}")


def anchors(old: Sequence[str], new: Sequence[str]) -> list[Places]:
    """Return the longest common order of what stands exactly once on both sides, as in patience diff."""
    return _longest_rising(_shared(((text, at) for at, text in enumerate(side)) for side in (old, new)))


def anchors_by_clause(old: Sequence[str], new: Sequence[str]) -> list[Places]:
    """Return the longest common order of the texts that share a clause."""
    return _longest_rising(sharing_clauses(old, new))


def sharing_clauses(old: Sequence[str], new: Sequence[str]) -> list[Places]:
    """Return the places of texts that have a clause in common, six letters or more, which stands in no others."""
    return _shared(
        ((clause, at) for at, text in enumerate(side) for clause in set(_CLAUSE.findall(text))) for side in (old, new)
    )


def few_edits(old: Sequence[str], new: Sequence[str], most_steps: int = MOST_STEPS) -> list[Places]:
    """Return the places of a longest common subsequence, or none where many edits lie between the two lists.

    The greedy algorithm of Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), which is quick for few
    edits and is given up for many. `ends[k]`: how far the old list was reached on diagonal k.
    """
    ends, trace = {1: 0}, []
    for edits in range(min(_MOST_EDITS, most_steps // (len(old) + len(new) + 1)) + 1):
        trace.append(ends.copy())
        for k in range(-edits, edits + 1, 2):
            at, _ = _entry(ends, k, edits)
            while at < len(old) and 0 <= at - k < len(new) and old[at] == new[at - k]:
                at += 1
            ends[k] = at
            if at >= len(old) and at - k >= len(new):
                return _traced(trace, len(old), len(new))
    return []


def _entry(ends: dict[int, int], k: int, edits: int) -> tuple[int, bool]:
    """Return where an edit enters diagonal k, and whether something was put in for it, not taken out."""
    is_put_in = k == -edits or (k != edits and ends[k - 1] < ends[k + 1])
    return (ends[k + 1], True) if is_put_in else (ends[k - 1] + 1, False)


def _traced(trace: Sequence[dict[int, int]], at_old: int, at_new: int) -> list[Places]:
    """Return the equal places on the way, walked back from the end."""
    found: list[Places] = []
    for edits in range(len(trace) - 1, -1, -1):
        entry, is_put_in = _entry(trace[edits], at_old - at_new, edits)
        run = at_old - entry
        found += [(at_old - step, at_new - step) for step in range(1, run + 1)]
        at_old, at_new = (entry, at_new - run - 1) if is_put_in else (entry - 1, at_new - run)
    return found[::-1]


def _shared(sides: Iterable[Iterable[tuple[str, int]]]) -> list[Places]:
    """Return where what stands once on each side stands, sorted."""
    old, new = ({text: at for text, at in places.items() if at >= 0} for places in map(_last_or_many, sides))
    return sorted({(at, new[text]) for text, at in old.items() if text in new})


def _last_or_many(side: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the place of each text, -1 where it has several."""
    places: dict[str, int] = {}
    for text, at in side:
        places[text] = -1 if text in places else at
    return places


def _longest_rising(pairs: Iterable[Places]) -> list[Places]:
    """Return the longest run of pairs that rises on both sides (patience sorting)."""
    # Of several pairs with one old place, the later new one comes first, so that a run takes one of them at most.
    pairs = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
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

"""The near miss: which known word a mistyped one was meant to be."""

from collections.abc import Sequence

FARTHEST = 2


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word at most two edits away (Levenshtein distance), the nearest first; None if none is."""
    distances = [(distance(word, other), other) for other in known]
    best = min(distances, default=(FARTHEST + 1, ""))
    return best[1] if best[0] <= min(FARTHEST, len(word) // 2) else None


def distance(one: str, other: str) -> int:
    """Return how many letters must be changed, added or taken away to make one word the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        diagonal, row[0] = row[0], at
        for column, wanted in enumerate(other, start=1):
            changed = diagonal + (letter != wanted)
            diagonal = row[column]
            row[column] = min(changed, row[column] + 1, row[column - 1] + 1)
    return row[-1]

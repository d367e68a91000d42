"""Settling marks where a reader would draw them: at clauses and brackets, item by item, never on half a word."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from core.patterns import lazy_pattern
from core.tokens import HAN, token_key


class Run(Struct, frozen=True):
    """Tokens in a row that are equal on both sides, or that differ: either side of these may be empty."""

    is_equal: bool
    old: list[str]
    new: list[str]


_ENDS = frozenset("。.!?;…\n")
_COMMAS = frozenset(",、:|")
_OPENING = frozenset("“‘《〈「『【〔([{")
_CLOSING = frozenset("”’》〉」』】〕)]}")
_MARKS = _ENDS | _COMMAS | _OPENING | _CLOSING
_HAN = lazy_pattern(f"[{HAN}]+")
_MOST_ITEM_TOKENS = 4
_MOST_WORD_CHARS = 4


def settled(runs: Iterable[Run]) -> list[Run]:
    """Return the same tokens in runs that begin and end where a reader would."""
    found = _joined(part for run in _joined(runs) for part in _items(run))
    for at in range(1, len(found) - 1):
        if not found[at].is_equal:
            slide = _slid if not (found[at].old and found[at].new) else _widened
            found[at - 1 : at + 2] = slide(*found[at - 1 : at + 2])
    return [run for run in found if run.old or run.new]


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Return runs in turn equal and not, an equal one first and last, if with nothing in it."""
    found = [Run(True, [], [])]
    for is_equal, group in groupby(runs, key=lambda run: run.is_equal):
        some = list(group)
        run = Run(is_equal, [token for one in some for token in one.old], [token for one in some for token in one.new])
        found = [*found[:-1], run] if is_equal and len(found) == 1 else [*found, run]
    return found if found[-1].is_equal else [*found, Run(True, [], [])]


def _items(run: Run) -> Iterator[Run]:
    """Take a replacement apart where both sides have the same few items between the same punctuation marks."""
    old, new = _between_marks(run.old), _between_marks(run.new)
    if run.is_equal or len(old) < 2 or not _are_items(old, new):
        yield run
        return
    for one, other in zip(old, new, strict=True):
        yield Run(_keys(one) == _keys(other), one, other)


def _are_items(old: list[list[str]], new: list[list[str]]) -> bool:
    return len(old) == len(new) and all(
        _keys(one) == _keys(other)
        if _is_mark(one[0]) or _is_mark(other[0])
        else len(one) <= _MOST_ITEM_TOKENS >= len(other)
        for one, other in zip(old, new, strict=True)
    )


def _between_marks(side: list[str]) -> list[list[str]]:
    return [list(group) for _, group in groupby(side, key=_is_mark)]


def _slid(before: Run, change: Run, after: Run) -> list[Run]:
    """Move what was only put in, or only taken out, along what is equal to where its edges are best."""
    side = "new" if change.new else "old"
    row: list[str] = getattr(before, side) + getattr(change, side) + getattr(after, side)
    forms, length = _keys(row), len(change.old) + len(change.new)
    low = high = len(before.old)
    while low > 0 and forms[low - 1] == forms[low + length - 1]:
        low -= 1
    while high + length < len(forms) and forms[high] == forms[high + length]:
        high += 1
    at = max(range(low, high + 1), key=lambda at: (_ease(forms, at) + _ease(forms, at + length), at))
    other = before.new + after.new if side == "old" else before.old + after.old
    parts = row[:at], row[at : at + length], row[at + length :]
    others: tuple[list[str], ...] = other[:at], [], other[at:]
    old, new = (parts, others) if side == "old" else (others, parts)
    return [Run(is_equal, *both) for is_equal, *both in zip((True, False, True), old, new, strict=True)]


def _ease(forms: Sequence[str], at: int) -> int:
    """Return how well a text can be cut here, 0 to 5."""
    before, after = forms[at - 1] if at else "\n", forms[at] if at < len(forms) else " "
    if before in _OPENING or after in _CLOSING:
        return 0
    if before in _ENDS:
        return 5
    if before in _COMMAS:
        return 4
    if before in _CLOSING or before == " " or after in _OPENING:
        return 3
    return 1 if _is_han(before) and _is_han(after) else 2


def _widened(before: Run, change: Run, after: Run) -> list[Run]:
    """Mark a short word whole that was marked in part: Chinese characters between others, as names stand."""
    left, right = _han_at_end(before.new), _han_at_end(after.new[::-1])
    kept = len(before.old) - left
    rest = before.old[kept:] + after.old[:right]
    old = before.old[kept:] + change.old + after.old[:right]
    new = before.new[kept:] + change.new + after.new[:right]
    is_half_word = all(len(token) == 1 for token in rest) and all(
        _is_han("".join(side)) and len("".join(side)) <= _MOST_WORD_CHARS for side in (old, new)
    )
    if not is_half_word:
        return [before, change, after]
    return [
        Run(True, before.old[:kept], before.new[:kept]),
        Run(False, old, new),
        Run(True, after.old[right:], after.new[right:]),
    ]


def _han_at_end(side: Sequence[str]) -> int:
    """Return how many tokens at the end of these are Chinese."""
    count = 0
    while count < len(side) and _is_han(side[-1 - count]):
        count += 1
    return count


def _is_han(text: str) -> bool:
    return _HAN.fullmatch(text) is not None


def _is_mark(token: str) -> bool:
    return token_key(token) in _MARKS


def _keys(side: Iterable[str]) -> list[str]:
    return list(map(token_key, side))

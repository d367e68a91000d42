"""Cutting long texts into parts that are cut alike before and after an edit, and never inside a grapheme."""

import re

from core.fold import fold_width
from core.tokens import HAN

_START = r"(?=[^\W_]|[“‘《〈「『【(\[])"
_SENTENCE = re.compile(rf"(?:[。!?;…\n]+[”’」』)\]]*|\.(?= )){_START}|\.(?= )")
_CLAUSE = re.compile(rf"[,、:]+(?=[A-Za-z{HAN}“‘《(])| {_START}")
_SOME_HAN = "".join(map(chr, range(0x3400, 0xA000, 16)))
_PIECE = re.compile(rf"[{_SOME_HAN}](?=[{HAN}])")
CUTS = (_SENTENCE, _CLAUSE, _PIECE)
"""Behind what a text is cut, coarse ones first: sentences, clauses, and one in sixteen of all Chinese characters.

A cut is where the letters say so and not how many they are, so that an edit moves none of the others.
"""
_SAFE = re.compile(rf"(?<=[{HAN}])(?=[{HAN}])|(?<= )(?=[A-Za-z0-9])")
_CONTEXT = 24
"""Letters of what is equal that stay around what differs: enough to see whole words, and where a mark may slide."""
_WITHIN = 200


def cut(text: str, behind: re.Pattern[str]) -> list[str]:
    """Return the parts of a text, one of CUTS being what each but the last ends with."""
    ends = [match.end() for match in behind.finditer(fold_width(text))]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True) if start < end]


def in_common(old: str, new: str) -> tuple[int, int]:
    """Return how many letters two texts can be spared at the start and at the end, being equal in all but widths."""
    one, other = fold_width(old), fold_width(new)
    start = common_start(one, other)
    end = common_start(one[start:][::-1], other[start:][::-1])
    before = _SAFE.finditer(one, max(0, start - _CONTEXT - _WITHIN), max(0, start - _CONTEXT) + 1)
    after = _SAFE.finditer(one, len(one) - end + _CONTEXT, len(one) - end + _CONTEXT + _WITHIN)
    kept = max((match.start() for match in before), default=0)
    return kept, len(one) - next((match.start() for match in after), len(one))


def common_start(one: str, other: str) -> int:
    """Return the length of what two texts begin with in common, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low

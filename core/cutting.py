"""Cutting long texts into parts that are cut alike before and after an edit, and never inside a grapheme."""

import re
import unicodedata
from itertools import pairwise

from core.patterns import lazy_pattern
from core.tokens import HAN

_START = r"(?=[^\W_]|[“‘《〈「『【(\[])"
# Looking back keeps a run of marks from being tried at each of its places, which is quadratic.
_SENTENCE = lazy_pattern(rf"(?<![。!?;…\n])[。!?;…\n]++[”’」』)\]]*+{_START}|\.(?= )")
_CLAUSE = lazy_pattern(rf"(?<![,、:])[,、:]++(?=[A-Za-z{HAN}“‘《(])| {_START}")
_SOME_HAN = "".join(map(chr, range(0x3400, 0xA000, 16)))
_PIECE = lazy_pattern(rf"[{_SOME_HAN}](?=[{HAN}])")
CUTS = (_SENTENCE, _CLAUSE, _PIECE)
"""Behind what a text is cut, coarse ones first: sentences, clauses, and one in sixteen of all Chinese characters.

A cut is where the letters say so and not how many they are, so that an edit moves none of the others.
"""
Parts = tuple[list[str], list[str]]
"""The parts of a text as they are, and as they are compared."""
_SAFE = lazy_pattern(rf"(?<=[{HAN}])(?=[{HAN}])|(?<= )(?=[A-Za-z0-9])")
_CONTEXT = 16
"""Letters of what is equal that stay around what differs: enough to see whole words, and where a mark may slide."""
_WITHIN = 200


def cut(text: str, folded: str, behind: re.Pattern[str]) -> Parts:
    """Return the parts of a text, given also with its widths folded; `behind`, of CUTS, is what each part ends with."""
    ends = [0, *(match.end() for match in behind.finditer(folded)), len(text)]
    places = [place for place in pairwise(ends) if place[0] < place[1]]
    forms = [unicodedata.normalize("NFC", folded[start:end]) for start, end in places]
    return [text[start:end] for start, end in places], forms


def in_common(old: str, new: str) -> tuple[int, int]:
    """Return how many letters two texts, their widths folded, can be spared at the start and at the end."""
    start = common_start(old, new)
    end = common_start(old[start:][::-1], new[start:][::-1])
    before = _SAFE.finditer(old, max(0, start - _CONTEXT - _WITHIN), max(0, start - _CONTEXT) + 1)
    after = _SAFE.finditer(old, len(old) - end + _CONTEXT, len(old) - end + _CONTEXT + _WITHIN)
    kept = max((match.start() for match in before), default=0)
    return kept, len(old) - next((match.start() for match in after), len(old))


def common_start(one: str, other: str) -> int:
    """Return the length of what two texts begin with in common, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low

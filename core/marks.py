"""Marking what differs inside two versions of one text, at the size at which a reader would mark it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal

from diff_match_patch import diff_match_patch
from msgspec import Struct

from core.align import align, is_same, similarity
from core.cutting import CUTS, Parts, common_start, cut, in_common
from core.fold import fold_width
from core.settle import Run, settled
from core.tokens import token_key, tokens

SpanKind = Literal["equal", "delete", "insert"]


class Span(Struct, frozen=True):
    """A stretch of text. Joined, the `old` of all spans is the old text exactly, and the `new` the new one.

    `equal` spans can differ in full and half width forms and in composition (NFC), which are not compared.
    """

    kind: SpanKind
    old: str
    new: str


class _Stretch(Struct, frozen=True):
    """Two short texts whose words are still to be compared, and the most that it can cost."""

    old: str
    new: str
    cost: int


_FIRST_CODE = 0xF0000
_LONG_CHARS = 500
_LEAST_ALIKE = 0.2
"""Less of common letter pairs than this, and two stretches of a long text are replaced whole."""
_MOST_COST = 5_000_000
"""Of all texts marked together: 0.6 s. What is beyond is replaced whole, the dearest first."""
_COST_OF_LETTER, _COST_OF_TEXT = 8, 500
"""In squared letters, each 0.12 µs; measured."""
_TINY_CHARS = 40
_WORK_PER_LETTER = 60
_GRAM = 6
_DMP = diff_match_patch()
# No time limit: past it the library answers with whole replacements and says nothing. Cost is bounded before.
_DMP.Diff_Timeout = 0


def mark(old: str, new: str) -> tuple[Span, ...]:
    """Return the spans of two texts: whole numbers, dates and words, whole graphemes, no confetti."""
    return mark_all([(old, new)])[0][0]


def mark_all(pairs: Iterable[tuple[str, str]]) -> tuple[list[tuple[Span, ...]], bool]:
    """Return the spans of each pair, and whether all could be compared word by word."""
    drafts = [list(_draft(old, new)) for old, new in pairs]
    found = [part for draft in drafts for part in draft if isinstance(part, _Stretch)]
    marked: dict[_Stretch, list[Span]] = {}
    left = _MOST_COST
    for stretch in sorted(set(found), key=lambda stretch: stretch.cost):
        left -= stretch.cost
        if left < 0:
            break
        marked[stretch] = list(_by_token(stretch.old, stretch.new))
    spans = [merged(span for part in draft for span in _spans(part, marked)) for draft in drafts]
    return spans, left >= 0


def whole(old: str, new: str) -> tuple[Span, ...]:
    """Return two texts as one taken out and one put in."""
    spans = (Span("delete", old, ""), Span("insert", "", new))
    return tuple(span for span in spans if span.old or span.new)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same spans with neighbours of one kind joined, and each deletion before its insertion."""
    runs: list[Span] = []
    for is_equal, group in groupby(spans, key=lambda span: span.kind == "equal"):
        run = list(group)
        old, new = "".join(span.old for span in run), "".join(span.new for span in run)
        runs += [Span("equal", old, new)] if is_equal else whole(old, new)
    return tuple(runs)


def _draft(old: str, new: str, cuts: Sequence[re.Pattern[str]] = CUTS) -> Iterator[Span | _Stretch]:
    """Find what a text kept, coarsely first, and leave the stretches between for their words to be compared."""
    one, other = fold_width(old), fold_width(new)
    start, end = (len(old), 0) if one == other else in_common(one, other)
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield Span("equal", old[:start], new[:start])
    if max(len(gone), len(come)) > _LONG_CHARS and gone and come and cuts:
        forms = one[start : len(old) - end], other[start : len(new) - end]
        yield from _by_parts(cut(gone, forms[0], cuts[0]), cut(come, forms[1], cuts[0]), cuts[1:])
    elif _is_worth(gone, come, cuts):
        yield _Stretch(gone, come, _cost(gone, come))
    else:
        yield from whole(gone, come)
    if end:
        yield Span("equal", old[len(old) - end :], new[len(new) - end :])


def _is_worth(old: str, new: str, cuts: Sequence[re.Pattern[str]]) -> bool:
    """Return whether words are compared: those of short texts always, those of parts of long ones if they are alike."""
    if not old or not new or max(len(old), len(new)) > _LONG_CHARS:
        return False
    return cuts is CUTS or similarity(old, new) >= _LEAST_ALIKE


def _by_parts(old: Parts, new: Parts, cuts: Sequence[re.Pattern[str]]) -> Iterator[Span | _Stretch]:
    (old_texts, old_forms), (new_texts, new_forms) = old, new
    pairs = align(old_forms, new_forms, _WORK_PER_LETTER * sum(map(len, old_forms)))
    for is_equal, group in groupby(pairs, key=lambda pair: is_same(old_forms, new_forms, pair)):
        run = [("" if i is None else old_texts[i], "" if j is None else new_texts[j]) for i, j in group]
        gone, come = "".join(one for one, _ in run), "".join(other for _, other in run)
        if is_equal:
            yield Span("equal", gone, come)
        elif max(len(gone), len(come)) <= _LONG_CHARS:
            yield from _draft(gone, come, cuts)
        else:
            yield from (part for pair in _not_tiny(run) for part in _draft(*pair, cuts))


def _not_tiny(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Join pairs of very short parts, which are not worth a look each."""
    old = new = ""
    for one, other in pairs:
        old, new = old + one, new + other
        if max(len(old), len(new)) >= _TINY_CHARS:
            yield old, new
            old = new = ""
    yield old, new


def _cost(old: str, new: str) -> int:
    """Return the most that comparing words takes: the square of how many letters differ, and something for each text.

    Letters that differ are at most those outside of runs that stand once in the old text.
    """
    places: dict[str, int] = {}
    for at in range(len(old) - _GRAM + 1):
        gram = old[at : at + _GRAM]
        places[gram] = len(old) if gram in places else at
    kept = at_old = at_new = 0
    while at_new <= len(new) - _GRAM:
        found = places.get(new[at_new : at_new + _GRAM], len(old))
        if at_old <= found < len(old):
            length = common_start(old[found:], new[at_new:])
            kept, at_old, at_new = kept + length, found + length, at_new + length
        else:
            at_new += 1
    letters = len(old) + len(new)
    return (letters - 2 * kept) ** 2 + _COST_OF_LETTER * letters + _COST_OF_TEXT


def _spans(part: Span | _Stretch, marked: Mapping[_Stretch, Sequence[Span]]) -> Sequence[Span]:
    if isinstance(part, Span):
        return (part,)
    return marked.get(part) or whole(part.old, part.new)


def _by_token(old: str, new: str) -> Iterator[Span]:
    old_tokens, new_tokens = tokens(old), tokens(new)
    encode = _encoder()
    diffs = _DMP.diff_main("".join(map(encode, old_tokens)), "".join(map(encode, new_tokens)), False)
    _DMP.diff_cleanupSemantic(diffs)
    runs: list[Run] = []
    at_old = at_new = 0
    for operation, coded in diffs:
        end_old, end_new = at_old + len(coded) * (operation <= 0), at_new + len(coded) * (operation >= 0)
        runs.append(Run(operation == 0, old_tokens[at_old:end_old], new_tokens[at_new:end_new]))
        at_old, at_new = end_old, end_new
    for run in settled(runs):
        gone, come = "".join(run.old), "".join(run.new)
        yield from (Span("equal", gone, come),) if run.is_equal else whole(gone, come)


def _encoder() -> Callable[[str], str]:
    """Return what gives each distinct token one character: itself where it is one, else of a private plane."""
    codes: dict[str, str] = {}

    def encode(token: str) -> str:
        form = token_key(token)
        if len(form) == 1 and ord(form) < _FIRST_CODE:
            return form
        return codes.setdefault(form, chr(_FIRST_CODE + len(codes)))

    return encode

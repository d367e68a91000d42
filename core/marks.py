"""Marking what differs inside two versions of one text, at the size at which a reader would mark it."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from diff_match_patch import diff_match_patch

from core.align import align, similarity
from core.fold import fold_width

SpanKind = Literal["equal", "delete", "insert"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text. Joined, the `old` of all spans is the old text exactly, and the `new` the new one.

    `equal` spans can differ in full and half width forms and in composition (NFC), which are not compared.
    """

    kind: SpanKind
    old: str
    new: str


_LETTERS = r"(?:(?![\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[^\W\d_][\u0300-\u036f]*)+"
_TOKEN = re.compile(
    rf"[0-9]+(?:[.,:∶][0-9]+)*[%‰]?|{_LETTERS}(?:['’\-]{_LETTERS})*|[\U0001f1e6-\U0001f1ff]{{2}}|\r\n|.", re.DOTALL
)
"""A number, a word of letters other than Chinese and Japanese, a flag, any character; widths being folded."""
_JOINER = "\u200d"
_ENDS = frozenset("。.!?;…\n")
_FIRST_CODE = 0xF0000
_LONG_CHARS = 500
_LEAST_ALIKE = 0.2
"""Less of common letter pairs than this, and two stretches of a long text are replaced whole."""
_KINDS: dict[int, SpanKind] = {-1: "delete", 0: "equal", 1: "insert"}
_DMP = diff_match_patch()
# No time limit: past it the library answers with whole replacements and says nothing. Work is bounded before.
_DMP.Diff_Timeout = 0


def mark(old: str, new: str) -> tuple[Span, ...]:
    """Return the spans of two texts: whole numbers, whole words of letters, whole graphemes, no confetti."""
    if not old or not new:
        return whole(old, new)
    if max(len(old), len(new)) > _LONG_CHARS:
        return merged(_by_sentence(old, new))
    return merged(_by_token(old, new))


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


def tokens(text: str) -> list[str]:
    """Split a text where a mark may begin or end: numbers and words of letters whole, else grapheme by grapheme.

    Combining marks, variation selectors, skin tones, tags and what a zero-width joiner joins stay with their letter
    (UAX #29 without its rules for Indic conjuncts).
    """
    found: list[str] = []
    for match in _TOKEN.finditer(fold_width(text)):
        token = text[match.start() : match.end()]
        if found and (_extends(token[0]) or found[-1].endswith(_JOINER)):
            found[-1] += token
        else:
            found.append(token)
    return found


def _extends(letter: str) -> bool:
    if letter < "\u0300" or letter.isalnum():
        return False
    is_tone_or_tag = "\U0001f3fb" <= letter <= "\U0001f3ff" or "\U000e0020" <= letter <= "\U000e007f"
    return is_tone_or_tag or letter in "\u200c\u200d" or unicodedata.category(letter) in ("Mn", "Me", "Mc")


def _by_token(old: str, new: str) -> list[Span]:
    old_tokens, new_tokens = tokens(old), tokens(new)
    encode = _encoder()
    diffs = _DMP.diff_main("".join(map(encode, old_tokens)), "".join(map(encode, new_tokens)), False)
    _DMP.diff_cleanupSemantic(diffs)
    spans: list[Span] = []
    at_old = at_new = 0
    for operation, coded in diffs:
        kind, length = _KINDS[operation], len(coded)
        gone = "".join(old_tokens[at_old : at_old + length]) if kind != "insert" else ""
        come = "".join(new_tokens[at_new : at_new + length]) if kind != "delete" else ""
        at_old, at_new = at_old + length * (kind != "insert"), at_new + length * (kind != "delete")
        spans.append(Span(kind, gone, come))
    return spans


def _encoder() -> Callable[[str], str]:
    """Return what gives each distinct token one character: itself where it is one, else of a private plane."""

    codes: dict[str, str] = {}

    def encode(token: str) -> str:
        key = _key(token)
        if len(key) == 1 and ord(key) < _FIRST_CODE:
            return key
        return codes.setdefault(key, chr(_FIRST_CODE + len(codes)))

    return encode


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", fold_width(text))


def _by_sentence(old: str, new: str) -> list[Span]:
    """Find the sentences that a long text kept, then mark between them, as far as that is short or alike."""
    old_parts, new_parts = _sentences(old), _sentences(new)
    old_keys, new_keys = [_key(part) for part in old_parts], [_key(part) for part in new_parts]
    pairs = [
        ("" if i is None else old_parts[i], "" if j is None else new_parts[j]) for i, j in align(old_keys, new_keys)
    ]
    spans: list[Span] = []
    for is_equal, group in groupby(pairs, key=lambda pair: _key(pair[0]) == _key(pair[1])):
        run = list(group)
        gone, come = "".join(one for one, _ in run), "".join(other for _, other in run)
        if is_equal:
            spans.append(Span("equal", gone, come))
        elif max(len(gone), len(come)) <= _LONG_CHARS:
            spans += _between(gone, come)
        else:
            spans += [span for one, other in run for span in _between(one, other)]
    return spans


def _between(old: str, new: str) -> Iterable[Span]:
    is_short = max(len(old), len(new)) <= _LONG_CHARS
    return _by_token(old, new) if is_short and similarity(old, new) >= _LEAST_ALIKE else whole(old, new)


def _sentences(text: str) -> list[str]:
    """Cut a text after its sentences, and what is long for a sentence wherever its letters say so.

    Cut by its letters and not by their number, a text is cut alike before and after an edit.
    """
    parts = _cut(text, lambda token: fold_width(token[0]) in _ENDS)
    long = _LONG_CHARS // 2
    return [piece for part in parts for piece in (_cut(part, _is_mark) if len(part) > long else [part])]


def _is_mark(token: str) -> bool:
    return sum(map(ord, token)) % 32 == 0


def _cut(text: str, is_last: Callable[[str], bool]) -> list[str]:
    """Return the parts of a text, each up to a token that is the last of its part."""
    parts: list[list[str]] = [[]]
    for token in tokens(text):
        parts[-1].append(token)
        if is_last(token):
            parts.append([])
    return ["".join(part) for part in parts if part]

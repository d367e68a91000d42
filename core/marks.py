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

    `equal` spans can differ in full and half width forms, which are not compared.
    """

    kind: SpanKind
    old: str
    new: str


_TOKEN = re.compile(
    r"[0-9０-９]+(?:[.,．，:∶][0-9０-９]+)*[%％‰]?"
    r"|[A-Za-zÀ-ɏ]+(?:['’\-][A-Za-zÀ-ɏ]+)*"
    r"|(?:[\U0001f1e6-\U0001f1ff]{2}|.)",
    re.DOTALL,
)
_JOINED = "\u200d"
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]?[”’」』）)]*", re.DOTALL)
_FIRST_CODE = 0xF0000
_LONG_CHARS = 2_000
_KINDS: dict[int, SpanKind] = {-1: "delete", 0: "equal", 1: "insert"}
_DMP = diff_match_patch()
# No time limit: past it the library answers with whole replacements and says nothing. Work is bounded before.
_DMP.Diff_Timeout = 0


def mark(old: str, new: str) -> tuple[Span, ...]:
    """Return the spans of two texts: whole numbers, whole Latin words, whole graphemes, no confetti."""
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
    """Split a text where a mark may begin or end: numbers and Latin words whole, else grapheme by grapheme.

    Combining marks, variation selectors, skin tones and what a zero-width joiner joins stay with their letter
    (UAX #29, without its rules for Hangul jamo, which published text has composed).
    """
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if found and (_extends(token) or found[-1].endswith(_JOINED)):
            found[-1] += token
        else:
            found.append(token)
    return found


def _extends(token: str) -> bool:
    first = token[0]
    is_mark = unicodedata.category(first) in ("Mn", "Me", "Mc")
    return is_mark or first == _JOINED or "\U0001f3fb" <= first <= "\U0001f3ff"


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
        key = unicodedata.normalize("NFC", fold_width(token))
        if len(key) == 1 and ord(key) < _FIRST_CODE:
            return key
        return codes.setdefault(key, chr(_FIRST_CODE + len(codes)))

    return encode


def _by_sentence(old: str, new: str) -> list[Span]:
    """Align the sentences of long texts first, then mark inside those that are alike."""
    old_parts, new_parts = _sentences(old), _sentences(new)
    spans: list[Span] = []
    for i, j in align([fold_width(part) for part in old_parts], [fold_width(part) for part in new_parts]):
        gone = "" if i is None else old_parts[i]
        come = "" if j is None else new_parts[j]
        if fold_width(gone) == fold_width(come):
            spans.append(Span("equal", gone, come))
        elif max(len(gone), len(come)) <= _LONG_CHARS and similarity(gone, come) > 0:
            spans += _by_token(gone, come) if gone and come else whole(gone, come)
        else:
            spans += whole(gone, come)
    return spans


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.findall(text) if part]

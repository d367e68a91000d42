"""Doubting a good capture by what the page showed before: is this still the article, or something in its place?"""

import re

from core.model import NormalText
from core.normalize import canonical
from core.patterns import lazy_pattern

_LEAST_BODY_CHARS = 200
_MOST_LEFT = 0.1
_LEAST_KIN = 0.5
_LEAST_LETTERS = 50
_CHINESE = lazy_pattern(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")


def suspicion(head: NormalText, text: NormalText) -> str:
    """Return in words why `text` may not be the page that `head` was, or an empty string.

    Any edit may be genuine: a withdrawn text, a new headline, an editor's line taken out. So one sign alone is
    never enough, and nothing is doubted that shows a source or an editor still. Two of these are: the body shrank
    to almost nothing, the headline is gone or has nothing in common, two of date, source and editor are gone.
    A page that was Chinese and has no Chinese left, in headline and body, is doubted too. What is not
    observable on either side counts for nothing.
    """
    if not _CHINESE.search(_shown(text)) and _chinese_share(head) > 0.3 and _letters(text) >= _LEAST_LETTERS:
        return "the page was in Chinese and came back without any"
    if text.source or text.editor:
        return ""
    signs = [sign for sign in (_shrunk(head, text), _retitled(head, text), _unsigned(head, text)) if sign]
    return "this may not be the article: " + ", ".join(signs) if len(signs) > 1 else ""


def _shrunk(head: NormalText, text: NormalText) -> str:
    old, new = (sum(map(len, body.body or ())) for body in (head, text))
    lost = text.body is not None and old >= _LEAST_BODY_CHARS and new <= old * _MOST_LEFT
    return f"its body shrank from {old} to {new} characters" if lost else ""


def _retitled(head: NormalText, text: NormalText) -> str:
    if not head.title or text.title is None:
        return ""
    if not text.title:
        return "its title is no longer found"
    old, new = _pairs(head.title), _pairs(text.title)
    return "" if len(old & new) >= _LEAST_KIN * min(len(old), len(new)) else "its title is quite another"


def _unsigned(head: NormalText, text: NormalText) -> str:
    names = ("published", "source", "editor")
    gone = [name for name in names if getattr(head, name) and getattr(text, name) == ""]
    return f"its {' and '.join(gone)} are no longer found" if len(gone) > 1 else ""


def _pairs(title: str) -> set[str]:
    """Return the pairs of neighbouring characters in a title; of a single one, itself."""
    shown = canonical(title)
    return {shown[at : at + 2] for at in range(max(1, len(shown) - 1))}


def _chinese_share(text: NormalText) -> float:
    shown = _shown(text)
    return len(_CHINESE.findall(shown)) / (len(shown) or 1)


def _letters(text: NormalText) -> int:
    return len(_LETTER.findall(_shown(text)))


def _shown(text: NormalText) -> str:
    return "".join((text.title or "", *(text.body or ())))

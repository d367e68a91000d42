"""Finding the element that holds an article by how much running text it carries: the fallback for unknown layouts."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, takewhile

from lxml import etree

_PAUSES = frozenset("，。；！？、,;!?")
_LEAST_CHARS = 12
_MOST_CHARS = 2000
_LEAST_GAIN = 0.1
"""How much more running text, as a share, a wider element must hold to be the article's."""

_MOST_LINK_SHARE = 0.1
"""Of the text that a wider element adds: more in links than this is no article."""

_LEAST_SHOWN_SHARE = 0.2
_LEAST_COPY_SHARE = 0.8
_OPENING_CHARS = 24
_MOST_OPENING_PIECES = 40
_LETTER_TAGS = frozenset(("p", "span", "font", "strong", "b", "a"))
_BLOCK_TAGS = frozenset(("div", "td", "section", "article", "pre"))
_UNREAD_TAGS = frozenset(("script", "style", "noscript", "select", "option", "textarea"))

Scores = defaultdict[etree._Element, float]


def densest(root: etree._Element) -> etree._Element | None:
    """Return the element whose own paragraphs carry most running text, or None where there is none.

    A paragraph counts by its length and its punctuation (link text has none), whole for its parent and half
    for its grandparent, as in the readability family of extractors. Where an editor wrapped every paragraph in
    boxes of its own, the element around all of them is meant: one that adds running text and hardly any links.
    """
    own: Scores = defaultdict(float)
    scores: Scores = defaultdict(float)
    holders: dict[etree._Element, etree._Element] = {}
    for element in root.iter("p", "div", "td", "section", "article", "span", "font", "pre"):
        score = _own_score(element)
        if not score or (parent := element.getparent()) is None:
            continue
        block = element if element.tag in _BLOCK_TAGS else _holder(parent, holders)
        own[block] += score
        scores[block] += score
        if (above := block.getparent()) is not None:
            scores[above] += score / 2
    best = _best(scores)
    return None if best is None else _widened(_first_copy(best, scores), _totals(root, own))


def _best(scores: Scores) -> etree._Element | None:
    """Return the element with the highest score; one that is not displayed only where no other comes near it."""
    best = max(scores, key=lambda element: scores[element], default=None)
    if best is None or (hidden := next(filter(_hides, (best, *best.iterancestors())), None)) is None:
        return best
    around = set(best.iterancestors())
    shown = {
        element: score
        for element, score in scores.items()
        if element not in around and hidden not in (element, *element.iterancestors())
    }
    other = max(shown, key=lambda element: shown[element], default=best)
    return other if scores[other] >= scores[best] * _LEAST_SHOWN_SHARE else best


def is_hidden(element: etree._Element) -> bool:
    """Tell whether an element, or one around it, is not displayed."""
    return any(map(_hides, (element, *element.iterancestors())))


def _hides(element: etree._Element) -> bool:
    style, names = element.get("style") or "", element.get("class") or ""
    return "display:none" in style.replace(" ", "").lower() or "ng-hide" in names.split()


def _first_copy(best: etree._Element, scores: Scores) -> etree._Element:
    """Return the first of several elements that carry the same article, as pages with an elder version do."""
    opening, around = _opening(best), set(best.iterancestors())
    enough = scores[best] * _LEAST_COPY_SHARE
    alike = (element for element, score in scores.items() if score >= enough and element not in around)
    return next((element for element in alike if _opening(element) == opening), best)


def _opening(element: etree._Element) -> str:
    return "".join("".join(islice(_texts(element), _MOST_OPENING_PIECES)).split())[:_OPENING_CHARS]


def _totals(root: etree._Element, own: Scores) -> Scores:
    """Return for each element the score of all that it holds."""
    totals = own.copy()
    for element in reversed(list(root.iter())):
        if element in totals and (above := element.getparent()) is not None:
            totals[above] += totals[element]
    return totals


def _widened(best: etree._Element, totals: Scores) -> etree._Element:
    """Return the widest element around `best` that still holds nothing but the article."""
    widest = best
    for above in takewhile(lambda element: element.tag not in ("body", "html"), best.iterancestors()):
        if totals[above] > totals[widest] * (1 + _LEAST_GAIN):
            text, links = _added(above, widest)
            if links > text * _MOST_LINK_SHARE:
                break
            widest = above
    return widest


def _added(wide: etree._Element, narrow: etree._Element) -> tuple[int, int]:
    """Return the characters that `wide` holds more than `narrow`, and how many of them are in links."""
    text, links = _text_chars(wide), _link_chars(wide)
    return text - _text_chars(narrow), links - _link_chars(narrow)


def _text_chars(element: etree._Element) -> int:
    return sum(len(text.strip()) for text in _texts(element))


def _link_chars(element: etree._Element) -> int:
    return sum(_text_chars(link) for link in element.iter("a"))


def _texts(element: etree._Element) -> Iterator[str]:
    for inner in element.iter():
        if inner.tag not in _UNREAD_TAGS:
            yield inner.text or ""
        if inner is not element:
            yield inner.tail or ""


def _holder(element: etree._Element, known: dict[etree._Element, etree._Element]) -> etree._Element:
    """Return the nearest element that holds paragraphs, not a paragraph or a letter style itself."""
    passed = []
    while (holder := known.get(element)) is None:
        if element.tag not in _LETTER_TAGS or (above := element.getparent()) is None:
            holder = element
            break
        passed.append(element)
        element = above
    known.update(dict.fromkeys(passed, holder))
    return holder


def _own_score(element: etree._Element) -> float:
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    text = text.strip()
    if len(text) < _LEAST_CHARS:
        return 0.0
    pauses = sum(character in _PAUSES for character in text[:_MOST_CHARS])
    return 0.0 if not pauses else min(len(text), _MOST_CHARS) / 20 + pauses

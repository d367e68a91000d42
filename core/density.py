"""Finding the element that holds an article by how much running text it carries: the fallback for unknown layouts."""

from collections import defaultdict

from lxml import etree

_PAUSES = frozenset("，。；！？、,;!?")
_LEAST_CHARS = 12
_MOST_CHARS = 2000


def densest(root: etree._Element) -> etree._Element | None:
    """Return the element whose own paragraphs carry most running text, or None where there is none.

    A paragraph counts by its length and its punctuation (link text has none), whole for its parent and half
    for its grandparent, as in the readability family of extractors.
    """
    scores: defaultdict[etree._Element, float] = defaultdict(float)
    for element in root.iter("p", "div", "td", "section", "span", "font"):
        score = _own_score(element)
        if not score or (parent := element.getparent()) is None:
            continue
        block = element if element.tag in ("div", "td", "section") else _holder(parent)
        scores[block] += score
        if (above := block.getparent()) is not None:
            scores[above] += score / 2
    return max(scores, key=lambda element: scores[element], default=None)


def _holder(element: etree._Element) -> etree._Element:
    """Return the nearest element that holds paragraphs, not a paragraph or a letter style itself."""
    while element.tag in ("p", "span", "font", "strong", "b", "a") and (above := element.getparent()) is not None:
        element = above
    return element


def _own_score(element: etree._Element) -> float:
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    text = text.strip()
    if len(text) < _LEAST_CHARS:
        return 0.0
    pauses = sum(character in _PAUSES for character in text[:_MOST_CHARS])
    return 0.0 if not pauses else min(len(text), _MOST_CHARS) / 20 + pauses

"""Finding the element that holds an article below its headline, where the densest text is a menu or a footer."""

import re
from collections.abc import Collection, Iterator
from itertools import islice, takewhile

from lxml import etree

from core.around import FOOTER
from core.density import is_hidden
from core.normalize import canonical

_LEAST_CHARS = 6
_LEAST_SHARE = 0.6
_MOST_LEVELS = 12
_MOST_BEGINNINGS = 40
_LEAST_TEXT_CHARS = 40
_UNREAD = frozenset(("title", "meta", "script", "style", "a", "option", "noscript"))
_NOT_WORD = re.compile(r"[\s\W_]+")


def below_headline(root: etree._Element, dense: etree._Element, titles: Collection[str]) -> etree._Element | None:
    """Return what holds text below the first displayed headline, or None where `dense` may be the article itself.

    A headline is an element that spells one of `titles`. An article of one table of short cells has hardly any
    running text, so that a paragraph in a menu or a footer weighs more: that stands above the headline, or tells
    whose site it is.
    """
    told = {bare for title in titles if len(bare := _bare(title)) >= _LEAST_CHARS}
    headline = next(_headlines(root, told), None) if told else None
    if headline is None or dense in headline.iterancestors():
        return None
    if not (_stands_behind(headline, dense, root) or FOOTER.search(_text(dense))):
        return None
    least = len(_text(headline)) + _LEAST_TEXT_CHARS
    within = takewhile(
        lambda element: element.tag not in ("body", "html"), islice(headline.iterancestors(), _MOST_LEVELS)
    )
    return next((holder for holder in within if _text_chars(holder) >= least), None)


def _headlines(root: etree._Element, told: Collection[str]) -> Iterator[etree._Element]:
    for element in islice(_beginnings(root, told), _MOST_BEGINNINGS):
        spelled = _bare(_text(element))
        if any(_tells(spelled, title) for title in told) and not is_hidden(element):
            yield element


def _beginnings(root: etree._Element, told: Collection[str]) -> Iterator[etree._Element]:
    """Yield the elements whose own text begins one of the titles; links and what is not read are none."""
    for element in root.iter(etree.Element):
        text = _bare(element.text or "") if element.tag not in _UNREAD else ""
        if text and any(title.startswith(text) for title in told):
            yield element


def _tells(spelled: str, title: str) -> bool:
    """Tell whether what an element spells is `title`, or most of it: a subtitle may stand in an element of its own."""
    return title.startswith(spelled) and len(spelled) >= max(_LEAST_CHARS, len(title) * _LEAST_SHARE)


def _stands_behind(element: etree._Element, other: etree._Element, root: etree._Element) -> bool:
    return next(found for found in root.iter() if found is element or found is other) is other


def _text_chars(holder: etree._Element) -> int:
    """Return how many characters `holder` shows that are in no link."""
    return len(_text(holder)) - sum(len(_text(link)) for link in holder.iter("a"))


def _text(element: etree._Element) -> str:
    return "".join("".join(map(str, element.itertext())).split())


def _bare(text: str) -> str:
    return _NOT_WORD.sub("", canonical(text))

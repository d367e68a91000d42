"""Telling whether two pages differ only where no field and no quality of a page with a long text is read from."""

import re
from functools import partial

from lxml import etree

from core.blocks import parse_html
from core.extract import HIDDEN_TITLES
from core.fold import fold_width
from core.patterns import lazy_pattern

_TOKEN = lazy_pattern(r"[\w.-]*(?:csrf|token|nonce)[\w.-]*", re.I)
_EMBEDDING = {"script": "src", "link": "href", "img": "src"}
_CODE = ("script", "style")
_INLINE = ("span", "b", "em", "font", "i", "strong")
_COUNTED = lazy_pattern(
    r"(?:浏览|点击|阅读|访问)(?:了|过)?(?:总?次数|人数|人次|总?量|数|率)?\s{0,9}[:：]?\s{0,9}[\[(（【]?\s{0,9}\Z"
)
_NUMBERED = lazy_pattern(r"\d\d|浏览|点击|阅读|访问")
_COUNT_ENDS = lazy_pattern(r"\s*(?:[人次位\])）】|]|\Z)")
_NUMBER = lazy_pattern("[0-9]+")


def is_unread(one: bytes, other: bytes, charset: str, is_found_by_markup: bool) -> bool:
    """Tell whether two bodies give one tree but for what no field and no quality of a page with a long text reads.

    A headline is found by what lines share with hidden titles: one that holds a number, or the words of a counter,
    could be like the line of a counter.
    """
    roots = [parse_html(body.decode(charset, "replace")) for body in (one, other)]
    trees = [list(root.iter()) if root is not None else [] for root in roots]
    may_count = is_found_by_markup or not any(map(_is_numbered, trees[0]))
    return len(trees[0]) == len(trees[1]) and all(map(partial(_are_alike, may_count=may_count), *trees))


def _is_numbered(element: etree._Element) -> bool:
    """Tell whether an element is a hidden title with a number or the words of a counter in it."""
    is_title = (element.get("name") or element.get("property") or "").lower() in HIDDEN_TITLES
    hint = element.text if element.tag == "title" else element.get("content") if is_title else ""
    return _NUMBERED.search(fold_width(hint or "")) is not None


def _are_alike(one: etree._Element, other: etree._Element, may_count: bool) -> bool:
    if (one.tag, one.text, one.tail, one.items()) == (other.tag, other.text, other.tail, other.items()):
        return True  # Nearly all.
    tag, above = str(one.tag), one.getparent()
    if one.tag != other.tag or one.keys() != other.keys():
        return False
    if not all(value == other.get(name) or _is_token(one, other, str(name)) for name, value in one.items()):
        return False
    before = one.getprevious()
    lead = (above.text if before is None else before.tail) if above is not None and tag in _INLINE else ""
    if tag == "title" or not may_count:
        return (one.text == other.text or tag in _CODE) and one.tail == other.tail
    return (
        one.text == other.text
        or tag in _CODE
        or _is_counter(lead or "", one.text or "", other.text or "", (one.tail or "") if tag in _INLINE else "")
    ) and (one.tail == other.tail or _is_counter(one.text or "", one.tail or "", other.tail or "", ""))


def _is_token(one: etree._Element, other: etree._Element, name: str) -> bool:
    """Tell whether what differs in an attribute is a token: in a meta element, a form, a query of what is embedded."""
    if one.tag == "meta":
        return name == "content" and _TOKEN.fullmatch(one.get("name") or "") is not None
    here, there = ((element.get(name) or "").partition("?")[0] for element in (one, other))
    return (one.tag, name) == ("input", "value") or (_EMBEDDING.get(str(one.tag)) == name and here == there)


def _is_counter(lead: str, one: str, other: str, behind: str) -> bool:
    """Tell whether two texts differ in counters of visits alone, each behind its label; `lead` and `behind` adjoin."""
    return _NUMBER.sub("0", one) == _NUMBER.sub("0", other) and all(
        _COUNTED.search(lead + one[: run.start()]) and _COUNT_ENDS.match(one[run.end() :] + behind)
        for run, count in zip(_NUMBER.finditer(one), _NUMBER.findall(other), strict=True)
        if run[0] != count
    )

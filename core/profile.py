"""How one family of pages is read: profiles and boilerplate rules, as frozen values compiled from data."""

import re
from functools import lru_cache
from typing import Literal, get_args

from lxml import etree
from msgspec import Struct

from core.errors import RuleError
from core.model import FIELDS

GENERIC = "generic"
"""Name of the profile that is tried last on every page."""

RuleKind = Literal["block", "part", "end"]
RuleScope = Literal["any", "edge", "page"]

MOST_RULE_CHARS = 300
"""Rules look at blocks up to this long: boilerplate is short, and it bounds what a careless pattern can cost."""

_READERS: dict[str, tuple[str, ...]] = {
    # The displayed line most like the hidden titles; the heading above the attributes; any line above them.
    "headline": ("title",),
    "heading": ("title",),
    "above": ("title",),
    # `<title>` without the site's name, or as it is.
    "title-element": ("title",),
    "window": ("title",),
    # Between headline and body; around the body, by its label; from the information table of a document.
    "near": ("published",),
    "label": ("published", "source", "editor"),
    "table": ("published", "source"),
    # The publisher's name without a label, beside the date; the day in the address.
    "beside": ("source",),
    "url-date": ("published",),
    # The element with most running text; all of the page; links to files outside the body, by 附件.
    "density": ("body",),
    "text": ("body",),
    "attached": ("attachments",),
}
"""What reads a field without an XPath, and the fields that it can read; besides `meta:NAME`."""

_HAS_CLASS = re.compile(r"has-class\('([^']+)'\)")
_TEST = r"(?:@[\w-]+(?:='[^']*')?|(?:contains|starts-with)\(@[\w-]+, ?'[^']*'\)|has-class\('[^']*'\))"
_SCAN = re.compile(rf"//(?=[\w*]+\[{_TEST}(?: (?:or|and) {_TEST})*\](?!\[))")
"""A look for elements below, under conditions of which none asks for their place."""


class Example(Struct, frozen=True):
    """Blocks before and after one rule: its test. An `after` equal to `before` claims that it leaves them alone."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class Rule(Struct, frozen=True):
    """One boilerplate rule: a pattern over the blocks of text of a page, folded to half width.

    kind `block` removes a block that matches from its start to its end; `part` removes what matches inside a
    block; `end` removes a block that matches and all blocks after it. Scope `any` also works inside the body
    of an article; `edge` there only at its start and end; `page` only outside it. A rule that `tells` a field
    removes a block only where the labelled value in it is the one that was read as that field: else an edit of
    that line would go unseen.
    """

    id: str
    why: str
    pattern: str
    kind: RuleKind = "block"
    scope: RuleScope = "any"
    tells: Literal["", "source", "editor"] = ""
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rule that cannot work."""
        if self.kind not in get_args(RuleKind) or self.scope not in get_args(RuleScope):
            raise RuleError(self.id, f"kind {self.kind!r} or scope {self.scope!r} is not one of those there are")
        if self.tells not in ("", "source", "editor"):
            raise RuleError(self.id, f"tells {self.tells!r}: only source and editor carry labels")
        try:
            empty = re.compile(self.pattern).fullmatch("")
        except re.error as error:
            raise RuleError(self.id, f"the pattern cannot be compiled: {error}") from error
        if empty:
            raise RuleError(self.id, "the pattern matches nothing at all, an empty text")


class Profile(Struct, frozen=True):
    """How to read one family of pages.

    `hosts` are host names, or `*.name` for all below a name; `marker` is an XPath that is true on such pages.
    `drop` are XPaths of elements taken out before reading (a second copy). `fields` gives for each field its
    candidates, best first; the first that finds something wins. A candidate is an XPath, in which
    `has-class('x')` may be written, or the name of a reader: `meta:NAME` or one of `_READERS` above.
    """

    name: str
    hosts: tuple[str, ...] = ()
    marker: str = ""
    drop: tuple[str, ...] = ()
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a profile with an unknown field or an XPath that cannot be compiled."""
        for name, candidates in self.fields:
            if name not in FIELDS:
                raise RuleError(self.name, f"the profile has a field {name!r}; there are: {', '.join(FIELDS)}")
            for candidate in candidates:
                if not is_reader(candidate):
                    self._check_xpath(candidate)
                elif name not in _READERS.get(candidate, FIELDS[:-2]):
                    raise RuleError(self.name, f"the reader {candidate} of the profile cannot read the field {name!r}")
        for path in (*self.drop, *filter(None, [self.marker])):
            self._check_xpath(path)

    def _check_xpath(self, path: str) -> None:
        try:
            xpath(path)
        except etree.XPathError as error:
            raise RuleError(self.name, f"the XPath {path} of the profile cannot be used: {error}") from error

    def candidates(self, field: str) -> tuple[str, ...]:
        """Return the candidates of one field, best first."""
        return next((candidates for name, candidates in self.fields if name == field), ())

    def is_for(self, host: str) -> bool:
        """Tell whether `host` (lower case) is one of this profile's."""
        return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in self.hosts)


def is_reader(candidate: str) -> bool:
    """Tell whether a candidate names a reader and not an XPath."""
    return candidate in _READERS or candidate.startswith("meta:")


@lru_cache(maxsize=1024)
def xpath(path: str) -> etree.XPath:
    """Compile an XPath in which `has-class('x')` may be written; raises `lxml.etree.XPathError`."""
    # libxml2 gathers every node of the page for `//x[...]` and then their children: 2.5 times the instructions.
    return etree.XPath(_HAS_CLASS.sub(_has_class, _SCAN.sub("/descendant::", path)))


def _has_class(match: re.Match[str]) -> str:
    """Spell `has-class` in XPath 1.0; whether an attribute holds the letters at all comes first, being quick."""
    exact = f"contains(concat(' ', normalize-space(@class), ' '), ' {match[1]} ')"
    return exact if " " in match[1] else f"(contains(@class, '{match[1]}') and {exact})"


def pattern(rule: Rule) -> re.Pattern[str]:
    """Return the pattern of a rule, compiled once."""
    # By its text: hashing a whole rule, with its examples, cost more than matching it.
    return _compiled(rule.pattern)


@lru_cache(maxsize=1024)
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text)

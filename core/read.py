"""The road from a capture to a reading: decode, judge, extract, apply the rules, judge again."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from lxml import etree
from msgspec import Struct

from core.blocks import html_blocks, parse_html, text_blocks
from core.decode import Decoded, decode
from core.errors import RuleError
from core.extract import Extraction, HtmlPage
from core.model import Capture, Evidence, Headers, NormalText, Quality, QualityKind, Reading
from core.normalize import clean_line
from core.plain import extract_text
from core.profile import GENERIC, Profile, Rule, xpath
from core.quality import OK, Shown, is_thin, judge_answer, judge_page, judge_refusal
from core.rules import apply_rules, removals
from core.trim import edged

EXTRACTOR_VERSION = 4
"""Raised whenever the code of this package reads some page differently than before."""


_DECIDING = ("content-type", "cf-mitigated")


def page_reader(url: str, pinned_profile_name: str, profiles: Sequence[Profile], rules: Sequence[Rule]) -> "PageReader":
    """Return the reader of one page: with the pinned profile alone, or with all that may apply to its host.

    Raises RuleError where no profile has the pinned name.
    """
    by_host: tuple[Profile, ...] = ()
    if pinned_profile_name:
        chosen = by_host = tuple(profile for profile in profiles if profile.name == pinned_profile_name)
        if not chosen:
            names = ", ".join(sorted(profile.name for profile in profiles))
            raise RuleError(pinned_profile_name, f"there is no profile of this name; there are: {names}")
    else:
        host = _host(url)
        by_host = tuple(profile for profile in profiles if profile.is_for(host))
        by_marker = tuple(profile for profile in profiles if profile.marker and profile not in by_host)
        chosen = by_host + by_marker + tuple(profile for profile in profiles if profile.name == GENERIC)
    return PageReader(url, tuple(dict.fromkeys(chosen)), by_host, tuple(rules), _rules_id(chosen, tuple(rules)))


def deciding_headers(headers: Headers) -> Headers:
    """Return the header fields that a reading depends on."""
    return tuple((name.lower(), value) for name, value in headers if name.lower() in _DECIDING)


class PageReader(Struct, frozen=True):
    """Reads captures of one page under one rules id.

    `profiles` are tried in order; those of `expected` without looking for their marker, and where none of
    these fits the reading is `suspect`.
    """

    url: str
    profiles: tuple[Profile, ...]
    expected: tuple[Profile, ...]
    rules: tuple[Rule, ...]
    rules_id: str

    def read(self, capture: Capture) -> Reading:
        """Return what a capture says. Pure; never raises, whatever the bytes are.

        It depends on the addresses, status, media, defect, body and `deciding_headers` of the capture alone.
        """
        quality = judge_answer(capture)
        if quality != OK and (capture.status < 400 or capture.defect):
            return Reading(quality, self.rules_id)
        decoded = decode(capture.body, capture.headers)
        if quality != OK:
            quality = judge_refusal(quality, _shown(decoded.text, parse_html(decoded.text)))
            return Reading(quality, self.rules_id, charset=decoded.charset)
        return self._read_decoded(decoded, capture.media)

    def _read_decoded(self, decoded: Decoded, media: str) -> Reading:
        source = decoded.text
        removed: Counter[str] = Counter()
        root = None
        if media == "text":
            profile, found = "text", extract_text(text_blocks(source), self.rules, removed)
        else:
            root = parse_html(source, decoded.octets)
            profile, found = self._extract(root)
        told = {"source": found.source, "editor": found.editor}
        inside = [rule for rule in self.rules if rule.scope == "any" or found.whole_page]
        body = apply_rules(found.body, inside, removed, told)
        body = edged(body, [rule for rule in self.rules if rule.scope == "edge"], removed)
        quality = self._judge(decoded, root, profile, found, body)
        text = NormalText(
            title=found.title,
            published=found.published,
            source=found.source,
            editor=found.editor,
            body=body,
            attachments=None if media == "text" else found.attachments,
        )
        readable = quality.kind is QualityKind.OK or (quality.kind is QualityKind.SUSPECT and bool(body))
        return Reading(
            quality,
            self.rules_id,
            text=text if readable else None,
            charset=decoded.charset,
            profile=profile,
            removed=removals(removed),
            evidence=tuple(found.evidence),
        )

    def _extract(self, root: etree._Element | None) -> tuple[str, Extraction]:
        """Return the first profile that finds a body, and what it finds."""
        if root is None:
            return "", Extraction()
        for profile in self.profiles:
            if profile in self.expected or not profile.marker or xpath(profile.marker)(root):
                found = HtmlPage(root, self.url, profile).extract()
                if found.body:
                    return profile.name, found
        return "", Extraction()

    def _judge(
        self, decoded: Decoded, root: etree._Element | None, profile: str, found: Extraction, body: tuple[str, ...]
    ) -> Quality:
        """Judge what was read: not the page at all, nothing to read, or not by the profile that was expected."""
        quality = judge_page(self.url, _shown(decoded.text, root, found, body))
        if quality != OK:
            return quality
        if decoded.lost and "\ufffd" in found.title + "".join(body):
            return Quality(QualityKind.PARTIAL, "some bytes of the article could not be decoded")
        if not body:
            return Quality(QualityKind.SUSPECT, "there is nothing to read on the page")
        names = [expected.name for expected in self.expected]
        # Another family of systems knows its own pages; what only looks like an article is not enough.
        if names and profile in ("", GENERIC) and profile not in names:
            return Quality(QualityKind.SUSPECT, f"the profile {names[0]} found no article on the page")
        if names and not found.title:
            return Quality(QualityKind.SUSPECT, "the page shows no title")
        return OK


def _shown(
    source: str, root: etree._Element | None, found: Extraction | None = None, body: Sequence[str] = ()
) -> Shown:
    """Gather what judging a page needs; all of its blocks only where the body leaves doubt."""
    title, evidence = (found.title, found.evidence) if found else ("", [])
    has_byline = any(map(_is_displayed, evidence))
    if root is None:
        return Shown(source, title=title, body=body, has_byline=has_byline)
    return Shown(
        source,
        window=next((element.text or "" for element in root.iter("title")), ""),
        title=title,
        body=body,
        page=html_blocks(root) if is_thin(body) else (),
        has_byline=has_byline,
        site="" if has_byline else _site(root),
    )


def _site(root: etree._Element) -> str:
    names = (meta for meta in root.iter("meta") if (meta.get("name") or "").lower() == "sitename")
    return next((clean_line(meta.get("content") or "") for meta in names), "")


def _is_displayed(given: Evidence) -> bool:
    """Tell whether an evidence is of a date, source or editor that the page displays."""
    told = given.field in ("published", "source", "editor") and bool(given.value)
    return told and given.selector != "url-date" and not given.selector.startswith("meta:")


@lru_cache(maxsize=256)
def _rules_id(profiles: tuple[Profile, ...], rules: tuple[Rule, ...]) -> str:
    """Hash what decides the text of a page: profiles in order, rules, this code, libxml2, the Unicode tables."""
    engine = (EXTRACTOR_VERSION, etree.LXML_VERSION, etree.LIBXML_VERSION, unicodedata.unidata_version)
    return blake2b(repr((engine, profiles, rules)).encode(), digest_size=16).hexdigest()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""

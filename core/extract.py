"""Reading the fields of a page by the candidates of a profile, and telling which candidate gave what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree

from core.blocks import PLACE, element_line, html_blocks
from core.dates import read_date, read_url_date
from core.density import densest
from core.labels import LABELS, read_label, read_time
from core.model import FIELDS, Attachment, Evidence
from core.normalize import clean_line
from core.profile import Profile, is_reader, xpath

_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|pptx?|ofd|zip|rar|7z|csv|txt|rtf|jpe?g\.zip|mp3|mp4)(?:$|[?#])", re.I)
_SITE_SUFFIX = re.compile(r"\s*[-_|—–]+\s*[^-_|—–]{2,30}$")
_MARKUP = re.compile(r"<[^>]{0,20}>")
_MOST_LABEL_CHARS = 160
_MOST_VALUE_CHARS = 60
_NEAR_BLOCKS = 8
_LEAST_TITLE_CHARS = 6


@dataclass(slots=True)
class Extraction:
    """What the candidates found: raw fields (body blocks before the rules) and the evidence for each."""

    title: str = ""
    published: str = ""
    source: str = ""
    editor: str = ""
    body: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    whole_page: bool = False
    """The body is all of the page's text: no article was told apart from its frame."""
    evidence: list[Evidence] = field(default_factory=list)


class HtmlPage:
    """One parsed page, with what several candidates ask for computed once."""

    def __init__(self, root: etree._Element, url: str, profile: Profile) -> None:
        self.root, self.url, self.profile = root, url, profile
        for path in profile.drop:
            for element in _elements(root, path):
                element.clear(keep_tail=True)  # type: ignore[call-arg]  # The stubs are older.
        self.regions: list[etree._Element] = []
        self._blocks: tuple[list[str], list[str]] | None = None
        self.found = Extraction()

    def extract(self) -> Extraction:
        """Return all fields; the body comes first, since others are looked for around it."""
        self._body()
        self.found.title = self._first("title") or ""
        for name in ("published", "source", "editor"):
            setattr(self.found, name, self._first(name) or "")
        self._attachments()
        self.found.evidence.sort(key=lambda given: FIELDS.index(given.field))
        return self.found

    def _body(self) -> None:
        for candidate in self.profile.candidates("body"):
            self.regions = self._regions(candidate)
            blocks = [block for region in self.regions for block in html_blocks(region)]
            if blocks:
                self.found.body = tuple(blocks)
                self.found.whole_page = candidate == "text"
                self._note("body", candidate, f"{len(blocks)} blocks, {sum(map(len, blocks))} characters")
                return
        self.regions = []

    def _regions(self, candidate: str) -> list[etree._Element]:
        if candidate == "density":
            best = densest(self.root)
            return [] if best is None else [best]
        if candidate == "text":
            return _elements(self.root, "//body") or [self.root]
        return _elements(self.root, candidate)[:1]

    def _first(self, name: str) -> str | None:
        for candidate in self.profile.candidates(name):
            value = next((value for value in self._read(name, candidate) if value is not None), None)
            if value is not None:
                self._note(name, candidate, value)
                return value
        return None

    def _read(self, name: str, candidate: str) -> Iterator[str | None]:
        """Yield what a candidate gives for a field: None where it says nothing, empty where it is shown empty."""
        if not is_reader(candidate):
            for element in _elements(self.root, candidate):
                yield _value(name, element_line(element), chosen=True)
        elif candidate in ("near", "label"):
            for block in self._lines(candidate):
                yield _value(name, block)
        elif candidate == "title-element":
            yield self._window_title() or None
        elif candidate == "url-date":
            yield read_url_date(self.url) or None
        else:
            yield from self._meta(name, candidate.removeprefix("meta:").lower())

    def _lines(self, reader: str) -> Iterator[str]:
        """Yield the lines that may carry a label: `near`, by nearness to the body's head; `label`, from its foot on."""
        before, after = self._around()
        body = self.found.body
        if reader == "near":
            yield from (*reversed(before[-_NEAR_BLOCKS:]), *body[:3], *after[:3])
        else:
            yield from (*body[-_NEAR_BLOCKS:], *after, *reversed(before), *body[:3])

    def _window_title(self) -> str:
        """Return `<title>` without the name of the site: as far as the page displays it, or up to the last dash."""
        titles = _elements(self.root, "//title")
        title = _unmarked(titles[0].text or "") if titles else ""
        shown = [block for block in self._around()[0] if len(block) >= _LEAST_TITLE_CHARS and title.startswith(block)]
        return max(shown, key=len, default="") or _SITE_SUFFIX.sub("", title)

    def _meta(self, name: str, meta: str) -> Iterator[str | None]:
        for element in self.root.iter("meta"):
            if (element.get("name") or element.get("property") or "").lower() == meta:
                content = _unmarked(element.get("content") or "")
                yield (read_date(content) if name == "published" else content) or None

    def _around(self) -> tuple[list[str], list[str]]:
        """Return the page's blocks before and after the body."""
        if self._blocks is None:
            self._blocks = _split(self.root, self.regions)
        return self._blocks

    def _attachments(self) -> None:
        base = _elements(self.root, "//base[@href]")
        url = urljoin(self.url, base[0].get("href", "")) if base else self.url
        regions = list(self.regions) if not self.found.whole_page else []
        for candidate in self.profile.candidates("attachments"):
            regions += _elements(self.root, candidate)
        links = {link.url: link for region in regions for link in _links(region, url)}
        self.found.attachments = tuple(links.values())
        if links:
            self._note("attachments", "links to files", ", ".join(link.name for link in links.values()))

    def _note(self, name: str, candidate: str, value: str) -> None:
        self.found.evidence.append(Evidence(name, candidate, value))


def _value(name: str, line: str, chosen: bool = False) -> str | None:
    """Read the value of a field out of a line; `chosen`: a selector points at it, so no proof is asked for."""
    if name == "title":
        return line or None
    if name == "published":
        return (read_date(line) or None) if chosen else read_time(line)
    if len(line) > _MOST_LABEL_CHARS:
        return None
    value = read_label(LABELS[name], line)
    return value if value is None or len(value) <= _MOST_VALUE_CHARS else None


def _elements(root: etree._Element, path: str) -> list[etree._Element]:
    found = xpath(path)(root)
    return [item for item in found if isinstance(item, etree._Element)] if isinstance(found, list) else []


def _unmarked(text: str) -> str:
    return clean_line(_MARKUP.sub(" ", text))


def _split(root: etree._Element, regions: Sequence[etree._Element]) -> tuple[list[str], list[str]]:
    """Return the blocks before and after the first region."""
    blocks = html_blocks(root, without=regions[0] if regions else None)
    place = next((at for at, block in enumerate(blocks) if PLACE in block), len(blocks))
    return blocks[:place], blocks[place + 1 :]


def _links(region: etree._Element, base: str) -> Iterator[Attachment]:
    for link in region.iter("a"):
        href = (link.get("href") or "").strip()
        if _FILE.search(href):
            name = element_line(link) or clean_line(link.get("title") or "") or href.rsplit("/", 1)[-1]
            yield Attachment(name, _absolute(base, href))


def _absolute(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href

"""Reading the fields of a page by the candidates of a profile, and telling which candidate gave what."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from lxml import etree
from msgspec import Struct, field
from msgspec.structs import replace

from core.around import Around
from core.below import below_headline
from core.blocks import element_line, html_blocks
from core.dates import read_date, read_url_date
from core.density import densest
from core.files import attached_regions, file_links
from core.headline import heading_above, looks_like_site, names_column, names_kind, told_headline
from core.infotable import pairs_of_tables
from core.labels import LABELS, read_value
from core.model import FIELDS, Attachment, Evidence
from core.normalize import canonical, clean_line
from core.patterns import lazy_pattern
from core.pictures import media_names
from core.profile import Profile, is_reader, xpath
from core.trim import less_links, trimmed

_SITE_SUFFIX = lazy_pattern(r"\s*(?:[-_|—–]+\s*[^-_|—–]{2,30})$")
_MARKUP = lazy_pattern(r"<[^>]{0,20}>")
HIDDEN_TITLES = ("articletitle", "og:title", "title")
_LEAST_TITLE_CHARS = 4
_LEAST_BESIDE_MEDIA = 200
"""How many characters of sentences a page must have elsewhere for a container of pictures not to be its article."""

_MOST_LINKS = 200
_LEAST_LEFT_CHARS = 8
_SENTENCE_ENDS = ("。", "；", "！", "？")
_CALLED_SO = 7
_TITLE_NAME = lazy_pattern(r"title|headline|(?:^|[^a-z])(?:bt|biaoti|tit)(?:[^a-z]|$)", re.I)
_LEAST_SHARE = 0.5
"""Of the longest container that an XPath finds, how much text the first must hold to be the article's."""


class Extraction(Struct):
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
        self.region: etree._Element | None = None
        self._around: Around | None = None
        self.found = Extraction()

    def extract(self) -> Extraction:
        """Return all fields; the body comes first, since others are looked for around it."""
        self._body()
        if self.found.body:
            for name in ("title", "published", "source", "editor"):
                setattr(self.found, name, self._first(name))
            self._attachments()
            self._trim()
        self.found.evidence.sort(key=lambda given: FIELDS.index(given.field))
        return self.found

    def _body(self) -> None:
        shown = None
        for candidate in self.profile.candidates("body"):
            self.region, blocks = self._container(candidate)
            if (
                is_reader(candidate)
                and shown
                and sum(len(line) for line in blocks if "。" in line) < _LEAST_BESIDE_MEDIA
            ):
                break
            if blocks:
                self._take_body(candidate, tuple(blocks))
                return
            shown = shown or self._shown(candidate)
        if shown:
            self.region, names = shown
            self._take_body("pictures", names)

    def _take_body(self, candidate: str, blocks: tuple[str, ...]) -> None:
        self.found.body = blocks
        self.found.whole_page = candidate == "text"
        self._note("body", candidate, f"{len(blocks)} blocks, {sum(map(len, blocks))} characters")

    def _shown(self, path: str) -> tuple[etree._Element, tuple[str, ...]] | None:
        """Return the first element that `path` finds with pictures or files in it, and their names."""
        elements = () if is_reader(path) else _elements(self.root, path)
        return next(((element, names) for element in elements if (names := media_names(element))), None)

    def _container(self, candidate: str) -> tuple[etree._Element | None, list[str]]:
        """Return the element that a candidate finds, and its blocks: the first that is not small beside the others."""
        if candidate == "density":
            best = densest(self.root)
            below = (
                None
                if best is None
                else below_headline(self.root, best, [*self._hidden_titles(), self._window_title()])
            )
            found = [one for one in (best if below is None else below,) if one is not None]
        elif candidate == "text":
            found = _elements(self.root, "//body") or [self.root]
        else:
            found = _elements(self.root, candidate)
        read = [(element, html_blocks(element)) for element in found]
        sizes = [sum(map(len, blocks)) for _, blocks in read]
        enough = max(sizes, default=0) * _LEAST_SHARE
        return next((one for one, size in zip(read, sizes, strict=True) if size and size >= enough), (None, []))

    @property
    def around(self) -> Around:
        """The displayed lines before, in and after the body."""
        if self._around is None:
            self._around = Around.of(self.root, self.region, self.found.body)
        return self._around

    def _first(self, name: str) -> str:
        """Return what the first candidate finds that finds something; blank where the page shows a label alone."""
        blank = None
        for candidate in self.profile.candidates(name):
            for value in self._read(name, candidate):
                if value:
                    self._note(name, candidate, value)
                    return value
                blank = blank or (candidate if value is not None else None)
            if blank:
                self._note(name, blank, "")
                return ""
        return ""

    def _read(self, name: str, candidate: str) -> Iterable[str | None]:
        """Return what a candidate gives for a field: None where it says nothing, empty where it is shown empty."""
        if not is_reader(candidate):
            return (_chosen(name, element_line(element)) for element in _elements(self.root, candidate))
        if candidate.startswith("meta:"):
            return self._meta(name, candidate.removeprefix("meta:").lower())
        if name == "title":
            return [self._title(candidate)]
        if name == "published":
            shown = candidate != "url-date"
            return [self.around.time(candidate, self.found.title) if shown else read_url_date(self.url) or None]
        if candidate == "table":
            return [self.around.publisher(list(pairs_of_tables(self.root)))]
        if candidate == "beside":
            return [self.around.beside()]
        return self.around.labelled(name, self.found.title)

    def _title(self, reader: str) -> str | None:
        lines = self.around.head
        inside = len(lines) - self.around.body_in_head
        window = self._window_title()
        if reader == "headline":
            hints = [hint for hint in (*self._hidden_titles(), window) if not names_kind(hint)]
            found = told_headline(lines, hints, inside)
        elif reader == "heading":
            found = heading_above(lines, _ranks(self.root), inside)
        elif reader == "above":
            found = heading_above(lines, None, inside)
        elif reader == "window":
            return window or None
        else:
            short = _SITE_SUFFIX.sub("", window)
            while len(shorter := _SITE_SUFFIX.sub("", short)) >= _LEAST_LEFT_CHARS and shorter != short:
                short = shorter
            is_other = looks_like_site(short) or names_column(short, lines)
            return None if is_other or len(short) < _LEAST_TITLE_CHARS else short
        return found.text if found else None

    def _hidden_titles(self) -> list[str]:
        return [text for meta in HIDDEN_TITLES for text in self._meta("title", meta) if text]

    def _window_title(self) -> str:
        titles = _elements(self.root, "//title")
        return _unmarked(titles[0].text or "") if titles else ""

    def _meta(self, name: str, meta: str) -> Iterator[str | None]:
        for element in self.root.iter("meta"):
            if (element.get("name") or element.get("property") or "").lower() == meta:
                content = _unmarked(element.get("content") or "")
                yield (read_date(content) if name == "published" else content) or None

    def _attachments(self) -> None:
        base = [element for element in self.root.iter("base") if element.get("href") is not None]
        try:
            url = urljoin(self.url, base[0].get("href", "")) if base else self.url
        except ValueError:
            url = self.url
        regions = [self.region] if self.region is not None and not self.found.whole_page else []
        boxes: list[etree._Element] = []
        for candidate in self.profile.candidates("attachments"):
            attached = candidate == "attached"
            boxes += attached_regions(self.root, [*regions, *boxes]) if attached else _elements(self.root, candidate)
        regions += boxes
        self.found.attachments = file_links(regions, url, boxes)
        if self.found.attachments:
            self._note("attachments", "links to files", ", ".join(file.name for file in self.found.attachments))

    def _trim(self) -> None:
        found = self.found
        body = trimmed(self._less_links(), found.title, found.published, found.source, found.editor)
        if left_out := len(found.body) - len(body):
            at = next(at for at, given in enumerate(found.evidence) if given.field == "body")
            told = found.evidence[at]
            found.evidence[at] = replace(told, value=f"{told.value}; {left_out} at head and foot left out")
        found.body = body

    def _less_links(self) -> tuple[str, ...]:
        """Return the body without a list of links to other pages at its end; attachments are none."""
        body = self.found.body
        if self.region is None or body[-1].endswith(_SENTENCE_ENDS):
            return body
        names = {element_line(link) for link in deque(self.region.iter("a"), _MOST_LINKS)}
        names -= {file.name for file in self.found.attachments}
        return less_links(body, {canonical(name) for name in names if len(name) >= _LEAST_TITLE_CHARS})

    def _note(self, name: str, candidate: str, value: str) -> None:
        self.found.evidence.append(Evidence(name, candidate, value))


def _chosen(name: str, line: str) -> str | None:
    """Read the value of a field out of a line that a selector points at: no proof is asked for."""
    if name == "title":
        return line or None
    if name == "published":
        return read_date(line) or None
    return read_value(LABELS[name], line)


def _ranks(root: etree._Element) -> dict[str, int]:
    """Return the rank of each heading, in its canonical form: 1 to 6, or 7 where an element is only called so."""
    ranks: dict[str, int] = {}
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6", "div", "p", "td", "span"):
        tag = str(element.tag)
        if tag.startswith("h") or _TITLE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            line = canonical(element_line(element))
            ranks[line] = min(ranks.get(line, _CALLED_SO), int(tag[1]) if tag.startswith("h") else _CALLED_SO)
    return ranks


def _elements(root: etree._Element, path: str) -> list[etree._Element]:
    found = xpath(path)(root)
    return [item for item in found if isinstance(item, etree._Element)] if isinstance(found, list) else []


def _unmarked(text: str) -> str:
    return clean_line(_MARKUP.sub(" ", text))

"""An element tree, or a plain text, as blocks: one clean line of text per paragraph, list item or table row."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree
from msgspec import Struct, field

from core.normalize import clean_line, clean_lines

_BLOCK_TAGS = """
    address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section select summary table tbody tfoot
    thead tr ucapcontent ul
"""
_SKIPPED_TAGS = """
    applet audio button canvas datalist embed head iframe input link map math meta noembed noframes noscript object
    script select style svg template textarea title video
"""
_PARTS: dict[object, str] = {
    **dict.fromkeys(_BLOCK_TAGS.split(), "block"),
    **dict.fromkeys(_SKIPPED_TAGS.split(), "unread"),
    "tr": "row",
    "td": "cell",
    "th": "cell",
    "sup": "^",
    "sub": "_",
}
"""By its tag, what an element is in the text of a page; most are nothing but what they hold."""
_RAISED = ("^", "_")
_BESIDE_BLOCKS = (*_RAISED, "unread")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.I)
_BULLET = re.compile(r"^\s*[•●▪◦‣⁃]\s*|^\s*[*·-]\s+")
_SCRIPT = re.compile(r"<script\b.*?(?:</script|\Z)", re.I | re.S)
_TAG = re.compile(r"""<[a-z](?:[^>=]|=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))*+""", re.I)
_ATTRIBUTE = re.compile(r"""[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?""")
_LARGE_CHARS = 200_000
_MOST_TAGS = 100_000
_MOST_ATTRIBUTES = 400_000
_MOST_ATTRIBUTES_OF_A_TAG = 1_000
_MOST_CELL_CHARS = 600
"""A table row is told as one line only while its cells are short: tables also lay out whole pages."""


def parse_html(text: str, octets: bytes = b"") -> etree._Element | None:
    """Return the root of `text` parsed as HTML, or None where there is nothing to parse, or no sense. Never raises.

    `octets` are the same in UTF-8, where they are at hand.

    NUL is dropped (the parser would stop there). Nested deeper than 2,048 the parser gives up on all that
    follows: half a page is not returned, since its other half could change unseen.
    """
    # Bytes are looked through in a fiftieth of the time of a text with Chinese characters.
    if b"\0" in octets if octets else "\0" in text:
        text, octets = text.replace("\0", ""), b""
    if not text or text.isspace() or is_overgrown(text):
        return None
    # Without `huge_tree` nesting ends at 256, which <font> left open in every line of an old page reaches.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(octets or text.encode("utf-8", "replace"), parser)
    last = parser.error_log.last_error
    given_up = last is not None and last.level == etree.ErrorLevels.FATAL
    return root if isinstance(root, etree._Element) and not given_up else None


def is_overgrown(text: str) -> bool:
    """Tell whether a page has more tags or attributes than can be read in a second or two.

    Measured: 142 pages have at most 1,564 tags, 1,916 attributes and 26 in one tag; 100,000 tags take about a
    second to read, and the attributes of one tag take the parser the square of their number.
    """
    if len(text) < _LARGE_CHARS:
        return False
    tags = attributes = 0
    for tag in _TAG.finditer(_SCRIPT.sub("<script", text)):
        here = sum(1 for _ in islice(_ATTRIBUTE.finditer(tag[0]), _MOST_ATTRIBUTES_OF_A_TAG + 2)) - 1
        tags, attributes = tags + 1, attributes + here
        if tags > _MOST_TAGS or attributes > _MOST_ATTRIBUTES or here > _MOST_ATTRIBUTES_OF_A_TAG:
            return True
    return False


def html_blocks(root: etree._Element) -> list[str]:
    """Return the displayed text under `root`.

    A `<br>` ends a block; the cells of a table row are joined by ` | `; scripts, forms' controls and what is
    hidden by an attribute or an inline style is left out. `root` itself may be hidden.
    """
    return clean_lines(_written(root, None).blocks)


def blocks_around(root: etree._Element, region: etree._Element | None) -> tuple[list[str], list[str]]:
    """Return the displayed text under `root` before `region` and behind it; all is before a region not there."""
    writer = _written(root, region)
    place = len(writer.blocks) if writer.place is None else writer.place
    return clean_lines(writer.blocks[:place]), clean_lines(writer.blocks[place:])


def text_blocks(text: str) -> list[str]:
    """Return the lines of a plain text as blocks: bullets taken off, empty lines left out."""
    return clean_lines(_BULLET.sub("", line) for line in text.splitlines())


def element_line(element: etree._Element) -> str:
    """Return the text of an element as one line; a line break in it is a space."""
    if not len(element) and _PARTS.get(element.tag) not in _RAISED:
        return clean_line(element.text or "")
    return clean_line(" ".join(html_blocks(element)))


def _written(root: etree._Element, without: etree._Element | None) -> "_Writer":
    # Child by child takes no longer than lxml's iterwalk on 44 real pages, and a fifth less where an article is plain
    # paragraphs, of which iterwalk tells twice. With a call for either end of an element it took a tenth longer.
    writer = _Writer()
    line = writer.line
    around: list[tuple[etree._Element, str | None, Iterator[etree._Element]]] = []
    inner = iter((root,))
    while True:
        element = next(inner, None)
        if element is not None:
            part = _PARTS.get(element.tag)
            if element is without:
                writer.end_block()
                writer.place = len(writer.blocks)
            elif element is root or not (part == "unread" or _is_hidden(element)):
                text = element.text
                if part == "block":
                    if line:
                        writer.end_block()
                elif part:
                    text = writer.pass_by("start", part, text)
                # What a template writes between two blocks is no block: a third of all texts, and costs as much as one.
                if text and (line or not text.isspace()):
                    line.append(text)
                if len(element):
                    around.append((element, part, inner))
                    inner = iter(element)
                    continue
        elif around:
            element, part, inner = around.pop()
        else:
            break
        text = element.tail if element is not root else None
        if part == "block":
            if line:
                writer.end_block()
        elif part:
            text = writer.pass_by("end", part, text)
        if text and (line or not text.isspace()):
            line.append(text)
    writer.end_block()
    return writer


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return (style is not None and _hides(style)) or element.get("hidden") is not None


@lru_cache(maxsize=1024)
def _hides(style: str) -> bool:
    """Tell whether an inline style hides its element; the paragraphs of a page share a few."""
    return _HIDDEN.search(style) is not None


class _Row(Struct):
    """An open table row: where its blocks begin and where each of its cells ends."""

    start: int
    cells: list[int] = field(default_factory=list)


class _Writer(Struct):
    """Collects text into blocks, not cleaned yet, while a tree is walked."""

    blocks: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    place: int | None = None

    def pass_by(self, event: str, part: str, text: str | None) -> str | None:
        """Begin or end what is such a part of a page, but no block; return the text behind its tag as it is told."""
        if part in _BESIDE_BLOCKS:
            if event == "start" and part != "unread" and text is not None:
                raised = clean_line(text)
                return part + raised if raised else ""
            return text
        self.end_block()
        if part == "row":
            if event == "start":
                self.rows.append(_Row(len(self.blocks)))
            elif self.rows:
                self._end_row(self.rows.pop())
        elif event == "end" and self.rows:
            self.rows[-1].cells.append(len(self.blocks))
        return text

    def end_block(self) -> None:
        if self.line:
            self.blocks.append("".join(self.line))
            self.line.clear()

    def _end_row(self, row: _Row) -> None:
        cells = list(self._cells(row))
        if sum(map(bool, cells)) > 1 and max(map(len, cells)) <= _MOST_CELL_CHARS:
            self.blocks[row.start :] = [" | ".join(cells).rstrip(" |")]

    def _cells(self, row: _Row) -> Iterator[str]:
        start = row.start
        for end in row.cells:
            yield clean_line(" ".join(self.blocks[start:end]))
            start = end

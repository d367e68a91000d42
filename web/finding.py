"""Search in what the pages show now: every word must stand in a page's text, fields, address, name or labels.

The texts are kept folded in memory by version, which never changes, so only the first search reads them all. Words are
found anywhere, so Chinese ones of two characters are too.
"""

import unicodedata
from dataclasses import dataclass
from threading import Lock

from core.model import NormalText
from storage.overview import Overview
from storage.rows import PageRow

MOST_PAGES = 100
_MOST_ASKED = 200
_AROUND_BEFORE, _AROUND_BEHIND, _MOST_LINES = 40, 80, 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; `is_word`: it is one of the words."""

    text: str
    is_word: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A page with the words, and the lines of it that have them."""

    page: PageRow
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """How many pages have the words, and the first of them."""

    pages: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    number: int
    lines: tuple[str, ...]
    folded: str


class Finder:
    """Searches; holds the folded text of each page's head."""

    def __init__(self) -> None:
        self._texts: dict[int, _Text] = {}
        self._lock = Lock()

    def find(self, reader: Overview, asked: str) -> Found:
        """Return the pages with all the words, by number."""
        words = fold(asked[:_MOST_ASKED]).split()
        if not words:
            return Found(0, ())
        with self._lock:
            pages = [(page, self._text(reader, page)) for page in reader.pages()]
        having = [(page, text) for page, text in pages if _has(_about(page) + text.folded, words)]
        findings = tuple(Finding(page, _lines(text.lines, words)) for page, text in having[:MOST_PAGES])
        return Found(len(having), findings)

    def _text(self, reader: Overview, page: PageRow) -> _Text:
        number = page.head_number or 0
        known = self._texts.get(page.id)
        if known is None or known.number != number:
            version = reader.version(page.id, number) if number else None
            lines = _lines_of(version.text) if version else ()
            known = self._texts[page.id] = _Text(number, lines, fold("\n".join(lines)))
        return known


def fold(text: str) -> str:
    """Return text as it is compared: full width as half width, capitals as small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def _has(folded: str, words: list[str]) -> bool:
    return all(word in folded for word in words)


def _lines_of(text: NormalText) -> tuple[str, ...]:
    fields = (text.title, text.published, text.source, text.editor)
    files = (f"{file.name} {file.url}" for file in text.attachments or ())
    return tuple(filter(None, (*fields, *(text.body or ()), *files)))


def _about(page: PageRow) -> str:
    return fold("\n".join((page.name, page.url, *page.labels, "")))


def _lines(lines: tuple[str, ...], words: list[str]) -> tuple[tuple[Piece, ...], ...]:
    found = (marked(line, words) for line in lines if any(word in fold(line) for word in words))
    return tuple(line for line, _ in zip(found, range(_MOST_LINES), strict=False))


def marked(line: str, words: list[str]) -> tuple[Piece, ...]:
    """Return the stretch of a line around the first of the words, with the words marked."""
    # Letter by letter, so that a place in the folded text is known in the shown one.
    folded, places = "", list[int]()
    for at, letter in enumerate(line):
        part = fold(letter)
        folded += part
        places += [at] * len(part)
    hit = set[int]()
    for word in words:
        at = folded.find(word)
        while at >= 0:
            hit.update(places[at : at + len(word)])
            at = folded.find(word, at + len(word))
    first = min(hit, default=0)
    start, end = max(0, first - _AROUND_BEFORE), min(len(line), first + _AROUND_BEHIND)
    pieces = [Piece("…", False)] if start else []
    while start < end:
        stop = start + 1
        while stop < end and (stop in hit) == (start in hit):
            stop += 1
        pieces.append(Piece(line[start:stop], start in hit))
        start = stop
    return (*pieces, Piece("…", False)) if end < len(line) else tuple(pieces)

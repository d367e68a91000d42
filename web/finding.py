"""What a search has found, as lines to show: where the words stand now, and where they stood in older versions."""

from collections.abc import Iterator
from dataclasses import dataclass

from storage.finding import fold, lines_of, words_of
from storage.overview import Overview
from storage.rows import PageRow

PAGES = 20
"""Pages found that one view shows."""
_AROUND_BEFORE, _AROUND_BEHIND, _MOST_LINES = 40, 80, 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; `is_word`: it is one of the words."""

    text: str
    is_word: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A line with words, and the version that shows it; `is_now`: the page shows it still."""

    pieces: tuple[Piece, ...]
    version: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A page with the words, and some lines of it that have them."""

    page: PageRow
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class FoundView:
    """How many pages have the words, and those of one view; `behind`: how many stand before them."""

    pages: int
    findings: tuple[Finding, ...]
    behind: int


def found_view(reader: Overview, asked: str, behind: int) -> FoundView:
    """Return the pages with all the words."""
    words = words_of(asked)
    pages, found = reader.find(asked, PAGES, behind)
    findings = (Finding(one.page, tuple(_hits(reader, one.page, one.versions, words))) for one in found)
    return FoundView(pages, tuple(findings), behind)


def _hits(reader: Overview, page: PageRow, older: tuple[int, ...], words: list[str]) -> Iterator[Hit]:
    """Yield some lines with words: those shown now first, then those of older versions, each line once."""
    head, known = page.head_number or 0, set[str]()
    for number in dict.fromkeys((head, *older)):
        version = reader.version(page.id, number)
        for line in lines_of(version.text) if version else ():
            if len(known) < _MOST_LINES and line not in known and any(word in fold(line) for word in words):
                known.add(line)
                yield Hit(marked(line, words), number, number == head)


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

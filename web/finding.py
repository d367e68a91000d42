"""What a search has found, as lines to show: where the words stand now, and where they stood in older versions."""

from collections.abc import Iterator

from msgspec import Struct

from storage.finding import fold, lines_of, words_of
from storage.overview import Overview
from storage.rows import PageRow

PAGES = 20
"""Pages found that one view shows."""
COUNTED = 100
"""So many are counted, each read to be sure: 12 ms for texts of 4,700 letters."""
_AROUND_BEFORE, _AROUND_BEHIND, _MOST_LINES = 40, 80, 3


class Piece(Struct, frozen=True):
    """A stretch of a line; `is_word`: it is one of the words."""

    text: str
    is_word: bool


class Hit(Struct, frozen=True):
    """A line with words, and the version that shows it; `is_now`: the page shows it still."""

    pieces: tuple[Piece, ...]
    version: int
    is_now: bool


class Finding(Struct, frozen=True):
    """A page with the words, and some lines of it that have them."""

    page: PageRow
    hits: tuple[Hit, ...]


class FoundView(Struct, frozen=True):
    """How many pages have the words (or more, where `is_more`), and those of one view; `rest`: there may be more below.

    `rest` is the number of a page: the next view is of those with lower numbers.
    """

    pages: int
    is_more: bool
    findings: tuple[Finding, ...]
    rest: int | None


def found_view(reader: Overview, asked: str, below: int | None = None) -> FoundView:
    """Return the pages with all the words, from the first on or with numbers below one that was shown before."""
    words = words_of(asked)
    first = reader.find(asked, COUNTED + 1)
    here = first if below is None else reader.find(asked, PAGES + 1, below)
    shown = here.found[:PAGES]
    findings = (Finding(one.page, tuple(_hits(reader, one.page, one.versions, words))) for one in shown)
    rest = shown[-1].page.id if len(here.found) > PAGES else here.rest
    return FoundView(min(len(first.found), COUNTED), first.rest is not None, tuple(findings), rest)


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

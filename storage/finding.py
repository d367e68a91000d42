"""Search in the texts of all versions, exact for every stretch of letters, also of two Chinese characters.

The index is FTS5 without the text itself, a row for a page: the pairs of neighbouring letters that its address, name,
labels and texts ever had, 责任编辑 as `责任 任编 编辑 辑`. It says which pages may have a word, newest first, and
their texts are read to be sure. So several words are joined in one row, nothing has to be taken out again, and where
a pair stands need not be kept: a page of 9,600 letters takes 1.4 KB, and 24 with the places. There are so few pairs
of digits that a page with many numbers may have any: of numbers, every four neighbours are kept as well.
"""

import re
import sys
from array import array
from collections.abc import Iterable
from unicodedata import is_normalized, normalize

from msgspec import Struct

from core.model import NormalText
from storage.read import Reader
from storage.rows import PageRow

TABLE = r"""create virtual table page_words using fts5 (words, content = '', columnsize = 0, detail = none,
    tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
)"""
"""Every letter is part of a token; to `ascii` all those beyond it are, too."""
MOST_WORDS = 8
MOST_READ = 2_000
"""So many texts are read for one answer, which takes 0.3 s, though fewer pages were found than asked for."""
_MOST_LETTERS = 64
_ALL = 2**63 - 1
_UTF_32 = f"utf-32-{sys.byteorder[0]}e"
_SPACE = array("I", [0x20])
_BREAKS = dict.fromkeys((*range(0x20), 0x7F), " ")
_FOUR = 4
_NUMBER = re.compile("[0-9]{4,}")
_NO_DIGITS = bytes(sign if sign in b"0123456789" else 0x20 for sign in range(256))
_WIDE = re.compile("[\u00a0\u2026\u3000\uff01-\uff5e]")
_USUAL = {wide: normalize("NFKC", wide) for wide in "\u00a0\u2026\u3000\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"}


class Found(Struct, frozen=True):
    """A page with the words, and the versions in which they were seen first, going back: newest first."""

    page: PageRow
    versions: tuple[int, ...]


class FoundPages(Struct, frozen=True):
    """Pages with the words, newest first. `rest`: those with lower numbers were not looked at; None: all were."""

    found: tuple[Found, ...]
    rest: int | None


class Finding(Reader):
    """A reader that searches."""

    def find(self, asked: str, limit: int, below: int | None = None) -> FoundPages:
        """Return pages that have all the words, those that were added last first; only numbers `below`, where given.

        A word is had where any version of the page shows it, or the page's address, name or labels. The answer may
        hold less than `limit` and yet have a `rest`: what takes long is done in several steps.
        """
        words, found, left = words_of(asked), list[Found](), MOST_READ
        pages = self._candidates(words, limit, below) if words else []
        while pages:
            for page in self.pages_by_number(pages):
                versions, is_found = self._showing(page, words)
                left -= 1 + len(versions)
                if is_found:
                    found.append(Found(page, tuple(number for number, shows in versions if shows)))
                if len(found) == limit or left <= 0:
                    return FoundPages(tuple(found), page.id)
            pages = self._candidates(words, limit, pages[-1])
        return FoundPages(tuple(found), None)

    def _candidates(self, words: list[str], limit: int, below: int | None) -> list[int]:
        """Return the next pages that may have all the words."""
        sql = "select rowid from page_words where page_words match ? and rowid < ? order by rowid desc limit ?"
        return [row["rowid"] for row in self._rows(sql, matching(words), _ALL if below is None else below, limit)]

    def _showing(self, page: PageRow, words: list[str]) -> tuple[list[tuple[int, bool]], bool]:
        """Return the versions that had to be read, with whether they show a word; and whether all words are had."""
        about = fold("\n".join(about_page(page.url, page.name, page.labels)))
        missing = {word for word in words if word not in about}
        read = list[tuple[int, bool]]()
        number = self._newest_version(page.id) if missing else 0
        while missing and number:
            version = self.version(page.id, number)
            text = fold("\n".join(lines_of(version.text))) if version else ""
            read.append((number, any(word in text for word in words)))
            missing = {word for word in missing if word not in text}
            number -= 1
        return read, not missing

    def _newest_version(self, page: int) -> int:
        return int(self._rows("select coalesce(max(number), 0) from version where page = ?", page)[0][0])


def fold(text: str) -> str:
    """Return text as it is searched: full width as half width, capitals as small letters."""
    return _normalized(text).lower()


def words_of(asked: str) -> list[str]:
    """Return the words of a query, within bounds."""
    words = fold(asked[: MOST_WORDS * _MOST_LETTERS]).translate(_BREAKS).split()
    return [word[:_MOST_LETTERS] for word in words][:MOST_WORDS]


def about_page(url: str, name: str, labels: Iterable[str]) -> tuple[str, ...]:
    """Return what is searched of a page besides its texts."""
    return url, name, *labels


def lines_of(text: NormalText) -> tuple[str, ...]:
    """Return what is searched of a text, line by line, in the order in which it is shown."""
    fields = (text.title, text.published, text.source, text.editor)
    files = (f"{file.name} {file.url}" for file in text.attachments or ())
    return tuple(filter(None, (*fields, *(text.body or ()), *files)))


def new_lines(before: NormalText | None, text: NormalText) -> list[str]:
    """Return the lines of a text that the one before it does not show."""
    known = set(lines_of(before)) if before else set()
    return [line for line in lines_of(text) if line not in known]


def tokens(lines: Iterable[str]) -> str:
    """Return lines as the index takes them: every letter with the one behind it, of a word's last one itself alone.

    Cut in one piece, letters as numbers: 0.1 ms for 4,700 letters, where a string for each pair took 0.4.
    """
    text = fold("\n".join(lines))
    letters = array("I", text.encode(_UTF_32, "replace"))
    cut = _SPACE * (3 * len(letters))
    cut[0::3] = letters
    cut[1:-3:3] = letters[1:]
    fours = [number[at : at + _FOUR] for number in _numbers(text) for at in range(len(number) - _FOUR + 1)]
    return f"{cut.tobytes().decode(_UTF_32)} {' '.join(fours)}"


def matching(words: Iterable[str]) -> str:
    """Return what the index is asked for: all that words are cut into; one letter alone is how a pair begins."""
    asked = {token for word in words for token in _asked(word)}
    quoted = ('"' + token.replace('"', '""') + ('"' if len(token) > 1 else '"*') for token in sorted(asked))
    return " AND ".join(quoted)


def _asked(word: str) -> set[str]:
    """Return the pairs of a word, but of its longer numbers the fours, in which the pairs are."""
    numbers = list(_NUMBER.finditer(word))
    within = {at for number in numbers for at in range(number.start(), number.end() - 1)}
    pairs = {pair for at, pair in enumerate(_stretches(word, 2)) if at not in within}
    return pairs.union(*(_stretches(number[0], _FOUR) for number in numbers))


def _numbers(text: str) -> list[str]:
    """Return all numbers of four digits and more. Of 4,600 letters: 10 µs, with a regular expression 30."""
    digits = text.encode("ascii", "replace").translate(_NO_DIGITS).decode("ascii")
    return [number for number in digits.split() if len(number) >= _FOUR]


def _stretches(text: str, letters: int) -> list[str]:
    """Return all stretches of so many letters; of a shorter text itself."""
    return [text[at : at + letters] for at in range(max(1, len(text) - letters + 1))]


def _normalized(text: str) -> str:
    """Return text in NFKC, which costs 0.07 ms for 1,000 Chinese letters: only what needs it is given to it.

    What is as good as always there, wide punctuation, is replaced; then piece by piece, since a space joins nothing.
    """
    for wide, narrow in _USUAL.items():
        text = text.replace(wide, narrow)
    if is_normalized("NFKC", text):
        return text
    for wide in set(_WIDE.findall(text)):
        text = text.replace(wide, normalize("NFKC", wide))
    return " ".join([part if is_normalized("NFKC", part) else normalize("NFKC", part) for part in text.split(" ")])

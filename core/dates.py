"""Finding the time of publication in a displayed text, in the spellings of Chinese government pages."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from core.fold import fold_width
from core.patterns import lazy_pattern

_COLON = r"\s?[:∶﹕时点]\s?"
_DATE = lazy_pattern(
    # That no digit is before is looked for last: a search then looks for a 1 or a 2, in a third of the time.
    r"((?:19|20)\d\d)(?<!\d{5})(?:\s?[-‑–—/.年_]\s?|\s?(?=\d\d/))(\d{1,2})\s?[-‑–—/.月_]\s?(\d{1,2})(?!\d)\s?日?"
    r"(?:[T\s,]{0,3}(?:\(?(?:星期|周)[一二三四五六日天]\)?\s{0,3})?([上下]午\s?)?"
    rf"(\d{{1,2}}){_COLON}(\d{{1,2}})(?:\s?[:∶﹕分]\s?(\d{{1,2}})(?!\d))?)?"
)
_FIGURES = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_HAN_DATE = lazy_pattern(
    r"([一二][〇○零O一二三四五六七八九]{3})\s?年\s?([一二三四五六七八九十]{1,2})\s?月\s?([一二三四五六七八九十]{1,3})\s?日"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "(Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\\.?"
_ENGLISH_DATE = lazy_pattern(rf"\b(?:{_MONTH}\s(\d{{1,2}})|(\d{{1,2}})\s{_MONTH}),?\s((?:19|20)\d\d)\b")
_IN_URL = (
    lazy_pattern(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_"),
    lazy_pattern(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=/)"),
    lazy_pattern(r"/((?:19|20)\d\d)(\d\d)[/-](\d\d)(?=/)"),
    lazy_pattern(r"/((?:19|20)\d\d)/(\d\d)(\d\d)(?=/)"),
    lazy_pattern(r"/((?:19|20)\d\d)(\d\d)(\d\d)(?=/)"),
)


class ShownDate(Struct, frozen=True):
    """A date in a text, in ISO 8601, and from where to where it stands there."""

    iso: str
    start: int
    end: int


def find_dates(text: str) -> Iterator[ShownDate]:
    """Yield the dates in `text`, in order.

    ISO 8601 with the offset of China, or only the day where no time is shown (midnight to the second is what
    templates write for "no time", and counts as none). Measured on 44 article pages: all use one of these
    spellings; U+2236 stands for the colon on some.
    """
    folded = fold_width(text)
    written = _written_out(folded)
    yield from sorted([*_in_figures(folded), *written], key=lambda one: one.start) if written else _in_figures(folded)


def _in_figures(folded: str) -> Iterator[ShownDate]:
    for match in _DATE.finditer(folded) if _has_year(folded) else ():
        year, month, day, half, *clock = match.groups()
        hour, minute, second = (int(part or 0) for part in clock)
        if half and half.startswith("下") and hour < 12:
            hour += 12
        if iso := _iso(int(year), int(month), int(day), hour, minute, second, timed=clock[0] is not None):
            yield ShownDate(iso, match.start(), match.end())


def may_be_dated(folded: str) -> bool:
    """Tell whether a text, its widths folded, may hold a date: most lines of a page do not."""
    return _has_year(folded) or ("年" in folded and "日" in folded) or folded.isascii()


def _has_year(folded: str) -> bool:
    """Tell whether a date in figures may stand in a text: most lines have none."""
    return "19" in folded or "20" in folded


def _written_out(folded: str) -> list[ShownDate]:
    """Return the dates spelled in Chinese numerals, or with the name of an English month in a line of ASCII."""
    found: list[ShownDate] = []
    for match in _HAN_DATE.finditer(folded) if "年" in folded and "日" in folded else ():
        year, month, day = match.groups()
        iso = _iso(int(year.translate(_FIGURES)), _numeral(month), _numeral(day), timed=False)
        found += [ShownDate(iso, match.start(), match.end())] if iso else []
    for match in _ENGLISH_DATE.finditer(folded) if folded.isascii() else ():
        before, first, second, behind, year = match.groups()
        iso = _iso(int(year), _MONTHS.index((before or behind)[:3].lower()) + 1, int(first or second), timed=False)
        found += [ShownDate(iso, match.start(), match.end())] if iso else []
    return found


def _numeral(spelled: str) -> int:
    """Return the number that Chinese numerals below a hundred spell: 十二, 二十, 三十一."""
    tens, ten, ones = spelled.rpartition("十")
    return int((tens.translate(_FIGURES) or "1") + "0" if ten else "0") + int(ones.translate(_FIGURES) or "0")


def read_date(text: str) -> str:
    """Return the first date in `text`, or an empty string."""
    return next((found.iso for found in find_dates(text)), "")


def read_url_date(url: str) -> str:
    """Return the day that an article's address is filed under, or an empty string."""
    for form in _IN_URL:
        if (match := form.search(url)) and (found := _iso(*map(int, match.groups()), timed=False)):
            return found
    return ""


def is_only_date(text: str) -> bool:
    """Tell whether `text` holds a date and nothing else."""
    found = next(find_dates(text), None)
    return found is not None and not (text[: found.start] + text[found.end :]).strip(" []()（）【】分秒|")


def date_start(text: str) -> int:
    """Return where the first date in `text` begins, or the length of `text`."""
    match = _DATE.search(folded) if _has_year(folded := fold_width(text)) else None
    return match.start() if match else len(text)


def _iso(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, *, timed: bool) -> str:
    try:
        when = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return ""
    if not timed or not (hour or minute or second):
        return when.date().isoformat()
    return when.isoformat() + "+08:00"

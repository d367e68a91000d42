"""Pictures as SVG, made on the server: a calendar of changes, and the life of a page as a line.

Colours come from the style sheet by class, so the pictures follow dark and light and need no style of their own.
What a picture shows stands in words beside it: to a screen reader it is not there, and Tab does not stop at its links.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from markupsafe import Markup
from msgspec import Struct

from reports.plain import when
from web.words import Words

WEEKS = 53
"""How many weeks the calendar shows."""
_CELL, _STEP, _LEFT, _TOP = 13, 16, 34, 20
_HUES = 6
_LEAST_PERCENT, _LABEL_PERCENT = 0.5, 3.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ((0, Words("Mon", "一")), (2, Words("Wed", "三")), (4, Words("Fri", "五")))


class Calendar(Struct, frozen=True):
    """Changes by day, from `first` (a Monday) to `last`."""

    first: date
    last: date
    changes: int
    days: int
    picture: Markup


class Segment(Struct, frozen=True):
    """A stretch of a page's life in one state: `good`, `unknown`, `removed` or `moved`.

    Where it is good, `version` was shown, as step `step` of the page's view; 0 where that is not known any more.
    """

    kind: str
    first_at: datetime
    last_at: datetime
    step: int = 0
    version: int = 0


class Mark(Struct, frozen=True):
    """A change on the life line."""

    change: int
    kind: str
    at: datetime


class Life(Struct, frozen=True):
    """What a life line shows, each in time."""

    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]


def calendar(by_day: Mapping[date, int], today: date) -> Calendar:
    """Return the last 53 weeks; where nothing changed in them, the 53 up to the newest change."""
    if by_day and max(by_day) < _first_day(today):
        today = max(by_day)
    first = _first_day(today)
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    shown = {day: by_day.get(day, 0) for day in days}
    most = max(shown.values())
    cells = [_cell(first, day, changes, most) for day, changes in shown.items() if changes]
    picture = Markup(
        '<svg class="calendar" viewBox="0 0 {} {}" preserveAspectRatio="xMaxYMid slice" aria-hidden="true"'
        ' focusable="false">{}</svg>'
    )
    inside = Markup("").join([*_months(first, today), *_weekdays(), _quiet_days(first, shown), *cells])
    drawn = picture.format(_LEFT + WEEKS * _STEP, _TOP + 7 * _STEP, inside)
    return Calendar(first, today, sum(shown.values()), sum(1 for changes in shown.values() if changes), drawn)


def life_line(life: Life, change_link: Callable[[int], str]) -> Markup:
    """Return a page's life from left to right; empty where there is none. A version links to `#step-N` of its view.

    What was seen is taken to last until something else was seen: a check is a moment, and the eye wants a line.
    """
    if not life.segments:
        return Markup("")
    start, end = life.segments[0].first_at, max(part.last_at for part in life.segments)
    # A little room behind the last check, so that what it alone found can be seen.
    seconds = (end - start).total_seconds() * 1.02 or 1.0

    def place(at: datetime) -> float:
        return round(100 * max((at - start).total_seconds() / seconds, 0.0), 2)

    ends = [*(place(part.first_at) for part in life.segments[1:]), 100.0]
    drawn = [_segment(part, place(part.first_at), right) for part, right in zip(life.segments, ends, strict=True)]
    drawn += [_mark(mark, place(mark.at), change_link(mark.change)) for mark in life.marks]
    picture = Markup('<svg class="life" width="100%" height="52" aria-hidden="true" focusable="false">{}</svg>')
    return picture.format(Markup("").join(drawn))


def _first_day(last: date) -> date:
    return last - timedelta(days=last.weekday(), weeks=WEEKS - 1)


def _place(first: date, day: date) -> tuple[int, int]:
    week, weekday = divmod((day - first).days, 7)
    return _LEFT + week * _STEP, _TOP + weekday * _STEP


def _quiet_days(first: date, shown: Mapping[date, int]) -> Markup:
    """Draw the days without a change, as one shape: there may be 371 of them."""
    places = (_place(first, day) for day, changes in shown.items() if not changes)
    drawn = "".join(f"M{x} {y}h{_CELL}v{_CELL}h-{_CELL}z" for x, y in places)
    return Markup('<path class="day shade-0" d="{}"/>').format(drawn)


def _cell(first: date, day: date, changes: int, most: int) -> Markup:
    x, y = _place(first, day)
    # Four shades; the darkest is the day with the most changes, and a single one is still seen.
    shade = max(1, round(4 * changes / most))
    drawn = '<rect class="day shade-{}" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}: {}</title></rect>'
    return Markup(drawn).format(shade, x, y, _CELL, _CELL, day, changes)


def _months(first: date, last: date) -> Iterator[Markup]:
    for week in range(WEEKS):
        monday = first + timedelta(weeks=week)
        if monday.day <= 7 and monday <= last and week < WEEKS - 1:
            yield _both(Words(_MONTHS[monday.month - 1], f"{monday.month}月"), _LEFT + week * _STEP, _TOP - 7)


def _weekdays() -> Iterator[Markup]:
    for row, words in _WEEKDAYS:
        yield _both(words, 0, _TOP + row * _STEP + _CELL - 2)


def _both(words: Words, x: int, y: int) -> Markup:
    drawn = Markup('<text class="w" lang="{}" x="{}" y="{}">{}</text>')
    return drawn.format("en", x, y, words.en) + drawn.format("zh-CN", x, y, words.zh)


def _segment(part: Segment, left: float, right: float) -> Markup:
    width = max(round(right - left, 2), _LEAST_PERCENT)
    drawn = Markup(
        '<rect class="part {}" x="{}%" y="14" width="{}%" height="26" rx="3"><title>{}{} – {}</title></rect>'
    )
    times = when(part.first_at), when(part.last_at)
    if not part.version:
        return drawn.format(part.kind, left, width, "", *times)
    bar = drawn.format(f"hue-{part.version % _HUES}", left, width, f"{part.version}: ", *times)
    label = Markup('<text x="{}%" y="32">{}</text>').format(round(left + width / 2, 2), part.version)
    shown = label if width >= _LABEL_PERCENT else ""
    return Markup('<a href="#step-{}" tabindex="-1">{}{}</a>').format(part.step, bar, shown)


def _mark(mark: Mark, left: float, link: str) -> Markup:
    drawn = (
        '<svg x="{}%" y="2" overflow="visible"><a href="{}" tabindex="-1">'
        '<path class="mark mark-{}" d="M-5 0H5L0 9Z"><title>{}</title></path></a></svg>'
    )
    return Markup(drawn).format(left, link, mark.kind, when(mark.at))

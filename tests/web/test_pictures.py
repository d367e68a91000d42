"""The pictures: a calendar of changes and the life line of a page."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from fakes.checks import DAY, T0
from markupsafe import Markup

from web.pictures import WEEKS, Life, Mark, Segment, calendar, life_line

TODAY = date(2026, 1, 21)


def drawn(picture: Markup, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(str(picture)).iter(tag))


def shades(by_day: dict[date, int]) -> dict[str, str]:
    rects = drawn(calendar(by_day, TODAY).picture, "rect")
    return {str(rect[0].text): rect.attrib["class"].split("-")[1] for rect in rects}


def life(*segments: Segment, marks: tuple[Mark, ...] = ()) -> Markup:
    return life_line(Life(segments, marks), "change-{}.html".format)


def test_the_calendar_ends_today_and_begins_on_a_monday_a_year_before() -> None:
    shown = calendar({TODAY: 1}, TODAY)
    assert (shown.last, shown.first.weekday()) == (TODAY, 0)
    assert shown.first == date(2025, 1, 20)
    assert timedelta(weeks=WEEKS - 1) <= TODAY - shown.first < timedelta(weeks=WEEKS)


def test_days_are_shaded_by_the_busiest_one_and_a_single_change_is_seen() -> None:
    days = [TODAY - timedelta(days=back) for back in range(4)]
    shaded = shades(dict(zip(days, (100, 50, 26, 1), strict=True)))
    assert list(shaded.values()) == ["1", "1", "2", "4"]
    assert set(shaded) == {f"{day}: {number}" for day, number in zip(days, (100, 50, 26, 1), strict=True)}


def test_the_calendar_counts_only_what_it_shows() -> None:
    shown = calendar({TODAY: 2, TODAY - timedelta(days=3): 5, date(2020, 1, 1): 9}, TODAY)
    assert (shown.changes, shown.days) == (7, 2)


def test_where_the_last_year_was_quiet_the_year_up_to_the_newest_change_is_shown() -> None:
    shown = calendar({date(2023, 6, 1): 1, date(2023, 5, 31): 2}, TODAY)
    assert (shown.last, shown.changes) == (date(2023, 6, 1), 3)


def test_a_database_without_changes_has_an_empty_calendar() -> None:
    shown = calendar({}, TODAY)
    assert (shown.last, shown.changes, drawn(shown.picture, "rect")) == (TODAY, 0, [])


def test_a_life_is_drawn_from_left_to_right_without_gaps() -> None:
    picture = life(
        Segment("good", T0, T0 + DAY, 1, 1),
        Segment("unknown", T0 + 2 * DAY, T0 + 3 * DAY),
        Segment("removed", T0 + 4 * DAY, T0 + 4 * DAY),
        Segment("good", T0 + 8 * DAY, T0 + 10 * DAY, 2, 1),
    )
    bars = drawn(picture, "rect")
    starts = [float(bar.attrib["x"].rstrip("%")) for bar in bars]
    widths = [float(bar.attrib["width"].rstrip("%")) for bar in bars]
    assert starts[0] == 0
    ends = [start + width for start, width in zip(starts, widths, strict=True)]
    assert ends == pytest.approx([*starts[1:], 100])
    assert [bar.attrib["class"] for bar in bars] == ["part hue-1", "part unknown", "part removed", "part hue-1"]
    assert [link.attrib["href"] for link in drawn(picture, "a")] == ["#step-1", "#step-2"]


def test_a_mark_stands_at_its_time_and_links_to_its_change() -> None:
    mark = Mark(7, "changed", T0 + 5 * DAY)
    picture = life(Segment("good", T0, T0 + 10 * DAY, 1, 1), marks=(mark,))
    (placed,) = [inner for inner in drawn(picture, "svg") if "x" in inner.attrib]
    assert float(placed.attrib["x"].rstrip("%")) == pytest.approx(49, abs=0.1)
    assert 'href="change-7.html"' in picture


def test_a_page_seen_once_has_a_line_and_one_never_seen_has_none() -> None:
    assert 'width="100.0%"' in life(Segment("good", T0, T0, 1, 1))
    assert life() == ""


def test_tab_does_not_stop_in_a_picture() -> None:
    picture = life(Segment("good", T0, T0 + DAY, 1, 1), marks=(Mark(1, "changed", T0),))
    assert {link.attrib["tabindex"] for link in drawn(picture, "a")} == {"-1"}
    assert ElementTree.fromstring(str(picture)).attrib["aria-hidden"] == "true"

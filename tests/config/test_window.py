"""Windows of the week as text."""

import pytest

from config.settings import DEFAULT_ZONE, Window
from config.window import parse_window, window

WEEK = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("mon-fri 08:00-18:00", ((1, 2, 3, 4, 5), 480, 1080)),
        ("08:00-18:30", (WEEK, 480, 1110)),
        ("* 8:05-9:00", (WEEK, 485, 540)),
        ("sat,sun 00:00-24:00", ((0, 6), 0, 1440)),
        ("sat-sun 00:00-24:00", ((0, 6), 0, 1440)),
        ("1-5 22:00-06:00", ((1, 2, 3, 4, 5), 1320, 360)),
        ("7 22:00-0:00", ((0,), 1320, 0)),
    ],
)
def test_a_window_is_weekdays_and_hours(line: str, times: object) -> None:
    assert parse_window(line) == times


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "'' is not a window; write for example mon-fri 08:00-18:00"),
        ("mon-fri", "'mon-fri' is not a window; write for example mon-fri 08:00-18:00"),
        ("mon-fri 8-18", "'mon-fri 8-18' is not a window; write for example mon-fri 08:00-18:00"),
        ("08:00 - 18:00", "'08:00 - 18:00' is not a window; write for example mon-fri 08:00-18:00"),
        ("08:00-08:00", "'08:00-08:00' is empty; write for example mon-fri 08:00-18:00, or leave the window out"),
        ("24:00-08:00", "'24:00-08:00' is empty; write for example mon-fri 08:00-18:00, or leave the window out"),
        ("08:60-18:00", "'08:60-18:00' has 08:60, which is no time of the day"),
        ("08:00-24:01", "'08:00-24:01' has 24:01, which is no time of the day"),
        ("mo-fr 08:00-18:00", "the weekday field has 'mo', which is not 0 to 7"),
        ("fri-mon 08:00-18:00", "the weekday field has 'fri-mon', which is empty"),
    ],
)
def test_a_window_that_cannot_be_is_refused(line: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        window(line)
    assert str(caught.value) == said


def test_a_window_is_kept_in_small_letters_and_usually_of_china() -> None:
    assert window(" MON-Fri   08:00-18:00 ") == Window("mon-fri 08:00-18:00", DEFAULT_ZONE)

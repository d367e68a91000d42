"""Claims about schedules as text: durations, cron lines, time zones, and the form the database keeps."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.schedule import cron, from_text, in_words, parse_cron, parse_duration, parse_every, parse_zone, to_text
from config.settings import DEFAULT_ZONE, Cron, Every, Schedule
from config.window import window


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("30m", 1800), ("6h", 21600), ("1d", 86400), ("2w", 1209600), (" 5 m ", 300), ("0s", 0), ("007s", 7)],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "30", "m", "-5m", "1.5h", "1h30m", "5 minutes", "1y", "5M", "123456789s", "1\n2s"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write for example 30m, 6h or 1d"):
        parse_duration(text)


@pytest.mark.parametrize(("text", "seconds"), [("10s", 10), ("366d", 366 * 86400), ("52w", 364 * 86400)])
def test_an_interval_may_be_ten_seconds_to_a_year(text: str, seconds: int) -> None:
    assert parse_every(text) == Every(seconds)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9s", "'9s' is too short; the shortest interval is 10s"),
        ("0d", "'0d' is too short; the shortest interval is 10s"),
        ("367d", "'367d' is too long; the longest interval is 366d"),
        ("53w", "'53w' is too long; the longest interval is 366d"),
        ("daily", "'daily' is not a duration; write for example 30m, 6h or 1d"),
    ],
)
def test_an_interval_out_of_range_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_every(text)


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("* * * * *", (None, None, None, None, None)),
        ("0 8 1 1 1", ((0,), (8,), (1,), (1,), (1,))),
        ("  0\t8   * * * ", ((0,), (8,), None, None, None)),
        ("*/20 */12 */15 */6 *", ((0, 20, 40), (0, 12), (1, 16, 31), (1, 7), None)),
        ("10-12 1-5/2 28/2 11/1 *", ((10, 11, 12), (1, 3, 5), (28, 30), (11, 12), None)),
        ("5,1,5,3-4 0 * * *", ((1, 3, 4, 5), (0,), None, None, None)),
        ("0 0 * JAN,dec *", ((0,), (0,), None, (1, 12), None)),
        ("0 0 * feb-apr *", ((0,), (0,), None, (2, 3, 4), None)),
        ("0 0 * * 0", ((0,), (0,), None, None, (0,))),
        ("0 0 * * 7", ((0,), (0,), None, None, (0,))),
        ("0 0 * * sun", ((0,), (0,), None, None, (0,))),
        ("0 0 * * mon-fri", ((0,), (0,), None, None, (1, 2, 3, 4, 5))),
        ("0 0 * * fri-sun", ((0,), (0,), None, None, (0, 5, 6))),
        ("0 0 * * sun-tue", ((0,), (0,), None, None, (0, 1, 2))),
        ("0 0 * * 5-7", ((0,), (0,), None, None, (0, 5, 6))),
        ("0 0 * * */2", ((0,), (0,), None, None, (0, 2, 4, 6))),
        ("0 0 29 2 *", ((0,), (0,), (29,), (2,), None)),
        ("0 0 31 2,3 *", ((0,), (0,), (31,), (2, 3), None)),
        ("0 0 31 2 mon", ((0,), (0,), (31,), (2,), (1,))),
    ],
)
def test_a_cron_line_names_numbers_for_each_field(line: str, times: tuple[tuple[int, ...] | None, ...]) -> None:
    assert parse_cron(line) == times


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "'' is not a cron line, which has 5 fields: minute hour day month weekday"),
        ("0 8 * *", "'0 8 * *' is not a cron line, which has 5 fields: minute hour day month weekday"),
        ("0 0 8 * * *", "'0 0 8 * * *' is not a cron line, which has 5 fields: minute hour day month weekday"),
        ("@daily", "'@daily' is not a cron line, which has 5 fields: minute hour day month weekday"),
        ("60 * * * *", "the minute field has '60', which is not 0 to 59"),
        ("0 24 * * *", "the hour field has '24', which is not 0 to 23"),
        ("0 0 0 * *", "the day field has '0', which is not 1 to 31"),
        ("0 0 1 13 *", "the month field has '13', which is not 1 to 12"),
        ("0 0 1 0 *", "the month field has '0', which is not 1 to 12"),
        ("0 0 * * 8", "the weekday field has '8', which is not 0 to 7"),
        ("0 0 * * mo", "the weekday field has 'mo', which is not 0 to 7"),
        ("0 0 * mon *", "the month field has 'mon', which is not 1 to 12"),
        ("٣ 0 * * *", "the minute field has '٣', which is not 0 to 59"),
        ("5-3 0 * * *", "the minute field has '5-3', which is empty"),
        ("*/0 0 * * *", "the minute field has '*/0', which is empty"),
        ("0 0 * * sat-mon", "the weekday field has 'sat-mon', which is empty"),
        ("? 0 * * *", "the minute field has '?', which is no number, range or step"),
        ("1,,2 0 * * *", "the minute field has '', which is no number, range or step"),
        ("*-5 0 * * *", "the minute field has '*-5', which is no number, range or step"),
        ("-5 0 * * *", "the minute field has '-5', which is no number, range or step"),
        ("0 0 L * *", "the day field has 'l', which is not 1 to 31"),
        ("0 0 31 feb *", "'0 0 31 feb *' names a day that its months never have"),
        ("0 0 30,31 2 *", "'0 0 30,31 2 *' names a day that its months never have"),
        ("0 0 31 4,6,9,11 *", "'0 0 31 4,6,9,11 *' names a day that its months never have"),
        ("0 0 30 2 */2", "'0 0 30 2 */2' names a day that its months never have"),
    ],
)
def test_a_cron_line_that_cannot_be_is_refused_with_its_field(line: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        cron(line)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    "name", ["Asia/Peking", "asia/nowhere", "", "Asia", "../etc/passwd", "/etc/passwd", "+08:00", "a\0b"]
)
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"there is no time zone .*; write for example Asia/Shanghai"):
        parse_zone(name)


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+8"])
LINES = st.sampled_from(["* * * * *", "0 8 * * mon-fri", "*/5 1,2 1-7 jan *", "0 0 29 2 *"])
JITTERS = st.integers(0, 86400)
WINDOWS = st.none() | st.builds(
    window, st.sampled_from(["mon-fri 08:00-18:00", "22:00-06:00", "sat,sun 0:00-24:00"]), ZONES
)
SCHEDULES = st.builds(Every, st.integers(10, 366 * 86400), WINDOWS, JITTERS) | st.builds(
    lambda line, zone, jitter: replace(cron(line, zone), jitter_s=jitter), LINES, ZONES, JITTERS
)


@given(SCHEDULES)
def test_a_schedule_comes_back_from_the_text_the_database_keeps(schedule: Schedule) -> None:
    assert from_text(to_text(schedule)) == schedule


@given(st.integers(10, 366 * 86400))
def test_an_interval_comes_back_from_its_words(seconds: int) -> None:
    assert parse_every(in_words(Every(seconds)).removeprefix("every ")) == Every(seconds)


@pytest.mark.parametrize(
    ("schedule", "kept", "words"),
    [
        (Every(90), "every 90", "every 90s"),
        (Every(1800), "every 1800", "every 30m"),
        (Every(3600), "every 3600", "every 1h"),
        (Every(5400), "every 5400", "every 90m"),
        (Every(86400), "every 86400", "every 1d"),
        (Every(1209600), "every 1209600", "every 2w"),
        (cron(" 0  8 * * 1-5"), "cron Asia/Shanghai 0 8 * * 1-5", "cron 0 8 * * 1-5 (Asia/Shanghai)"),
        (cron("0 8 * * *", "Europe/Berlin"), "cron Europe/Berlin 0 8 * * *", "cron 0 8 * * * (Europe/Berlin)"),
        (
            Every(1800, window(" Mon-Fri  8:00-18:00"), 600),
            "every 1800 window Asia/Shanghai mon-fri 8:00-18:00 jitter 600",
            "every 30m, mon-fri 8:00-18:00 (Asia/Shanghai), up to 10m later",
        ),
        (
            replace(cron("0 8 * * 1-5"), jitter_s=90),
            "cron Asia/Shanghai 0 8 * * 1-5 jitter 90",
            "cron 0 8 * * 1-5 (Asia/Shanghai), up to 90s later",
        ),
    ],
)
def test_a_schedule_is_told_in_words(schedule: Schedule, kept: str, words: str) -> None:
    assert to_text(schedule) == kept
    assert in_words(schedule) == words


def test_the_usual_time_zone_is_that_of_china() -> None:
    assert cron("0 8 * * *") == Cron("0 8 * * *", ZoneInfo("Asia/Shanghai")) == Cron("0 8 * * *", DEFAULT_ZONE)

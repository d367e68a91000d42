"""Claims about reading dates."""

import pytest

from core.dates import date_start, is_only_date, read_date, read_url_date


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("2017年05月22日 14时50分", "2017-05-22T14:50:00+08:00"),
        ("2020-09-15 10:08:00", "2020-09-15T10:08:00+08:00"),
        ("2020-09-15 10∶08", "2020-09-15T10:08:00+08:00"),
        ("２０１７年５月２２日　１４：５０", "2017-05-22T14:50:00+08:00"),
        ("发布时间：2024/5/1 9:05", "2024-05-01T09:05:00+08:00"),
        ("2019-09-18T06:23:11", "2019-09-18T06:23:11+08:00"),
        ("2020年02月18日09:15", "2020-02-18T09:15:00+08:00"),
        ("2024.5.1", "2024-05-01"),
        ("2022-05-07 00:00", "2022-05-07"),
        ("2022-05-07 00:00:00", "2022-05-07"),
        ("2022 - 05 - 07", "2022-05-07"),
        ("2024-02-30 或 2024-03-01", "2024-03-01"),
        ("2024年05月11日 08:30:12", "2024-05-11T08:30:12+08:00"),
        ("2024年5月11日 星期六 08:30", "2024-05-11T08:30:00+08:00"),
        ("2024年5月11日（周六）下午 3:20", "2024-05-11T15:20:00+08:00"),
        ("2024年5月11日 上午9:05", "2024-05-11T09:05:00+08:00"),
        ("2024年5月11日 下午13:05", "2024-05-11T13:05:00+08:00"),
        ("2024 05/11 08:30:12", "2024-05-11T08:30:12+08:00"),
        ("2024_05_11", "2024-05-11"),
        ("2024-05-01 25:00", ""),
        ("5月18日", ""),
        ("120240501", ""),
        ("", ""),
    ],
)
def test_every_spelling_gives_one_form(shown: str, expected: str) -> None:
    assert read_date(shown) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.cn/x/202107/t20210713_9468077.html", "2021-07-13"),
        ("http://a.cn/art/2024/10/14/art_60085_1.html", "2024-10-14"),
        ("http://a.cn/jcws2/20240511/b5c2.html", "2024-05-11"),
        ("http://a.cn/n1/2024/0517/c14739-40237861.html", "2024-05-17"),
        ("http://a.cn/202405/11/a.html", "2024-05-11"),
        ("http://a.cn/2022/08-11/2559082.html", "2022-08-11"),
        ("http://a.cn/2024/13/45/x.html", ""),
        ("http://a.cn/post_99.html", ""),
    ],
)
def test_an_address_may_tell_the_day(url: str, expected: str) -> None:
    assert read_url_date(url) == expected


def test_a_date_alone_is_told_from_a_sentence_with_a_date() -> None:
    assert is_only_date("2017年05月22日 14时50分")
    assert is_only_date("(2024-05-11)")
    assert not is_only_date("2017年05月22日召开")
    assert not is_only_date("没有日期")


def test_where_a_date_begins_is_told() -> None:
    assert date_start("于2024-05-11") == 1
    assert date_start("无") == 1

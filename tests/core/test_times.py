"""Claims about telling the time of publication from other dates."""

import pytest

from core.times import BARE, FILED, SHOWN, TOLD, joined_dates, may_be_told, read_publisher, read_time


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("2024-05-13 13:48", (BARE, "2024-05-13T13:48:00+08:00")),
        ("2024年5月13日 星期一", (BARE, "2024-05-13")),
        ("湖北日报客户端 2024-03-12 15:35:47", (BARE, "2024-03-12T15:35:47+08:00")),
        ("发布日期：2024-05-13 点击数：7", (TOLD, "2024-05-13")),
        ("发布时间 [ 2024-05-13 ]", (TOLD, "2024-05-13")),
        ("发布于 2024-05-13", (TOLD, "2024-05-13")),
        ("发布日期：20240511 来源：新华社", (TOLD, "2024-05-11")),
        ("更新：2024-05-02 发布：2024-05-01", (TOLD, "2024-05-01")),
        ("来源：新华社 2024-05-13", (SHOWN, "2024-05-13")),
        ("时间 : 2023-02-25 08:51:32", (SHOWN, "2023-02-25T08:51:32+08:00")),
        ("生成日期： | 2024-06-04 | 发文机构： | 县教育局", (FILED, "2024-06-04")),
        ("成文日期：2024-04-20 发布日期：2024-05-01", (TOLD, "2024-05-01")),
        ("生效时间： | 2017-04-12", None),
        ("报名截止时间：2024-05-01", None),
        ("今天是2024年5月1日", None),
        ("2024年5月13日，会议召开。", None),
        ("会议于2024年5月13日召开", None),
        ("发布" + "2024-05-13" + "长" * 200, None),
        ("没有", None),
        ("美好云岭 2024-05-01 08:05", (BARE, "2024-05-01T08:05:00+08:00")),
        ("http://a.cn 2024年05月01日08:05 云岭在线 我要评论(0)", (BARE, "2024-05-01T08:05:00+08:00")),
        ("作者：闻某 2024-05-01", (BARE, "2024-05-01")),
        ("发布日期：二〇二四年五月一日", (TOLD, "2024-05-01")),
        ("公示时间：2024-05-01", None),
        ("请于 2024-05-01 08:05 前报名，逾期不候", None),
        ("云岭县山区小学校车安全工作现场会召开 2024-05-01 08:05", None),
        ("云岭县召开会议 2024-05-01", None),
        ("短语 " * 25 + "2024-05-01 08:05", None),
    ],
)
def test_a_date_counts_by_its_label_and_its_place(line: str, time: tuple[int, str] | None) -> None:
    assert read_time(line) == time


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("云岭日报 2024-03-12", "云岭日报"),
        ("2024-03-12 15:35 | 县融媒体中心", "县融媒体中心"),
        ("2024-03-12 打印 关闭", ""),
        ("2024-03-12 阅读云岭日报", ""),
        ("全县教育工作会议 2024-03-12", ""),
        ("云岭日报", ""),
    ],
)
def test_a_publisher_beside_a_date_is_read_where_there_is_nothing_else(line: str, name: str) -> None:
    assert read_publisher(line) == name


def test_a_day_above_or_below_its_month_is_joined_to_one_date() -> None:
    assert joined_dates(["标题", "21", "2024年02月", "正文"]) == ["标题", "", "2024-02-21", "正文"]
    assert joined_dates(["2024.2", "3日"]) == ["", "2024-2-3"]
    assert joined_dates(["21", "篇", "2024年02月"]) == ["21", "篇", "2024年02月"]


@pytest.mark.parametrize("word", ["发布", "发表", "刊发", "发稿", "刊登", "上传", "录入", "添加"])
def test_a_line_that_tells_the_time_of_publication_may_do_so(word: str) -> None:
    line = f"{word}时间：2024-05-13"
    assert may_be_told(line)
    assert read_time(line) == (TOLD, "2024-05-13")
    assert not may_be_told("来源：新华社 2024-05-13")

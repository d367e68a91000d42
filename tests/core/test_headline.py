"""Claims about finding the displayed headline."""

import pytest

from core.headline import heading_above, is_attribute, less_attributes, told_headline

TITLE = "青石镇召开山区小学校车安全工作现场会"


@pytest.mark.parametrize(
    ("lines", "hints", "title"),
    [
        (["首页", TITLE, "2024-05-01"], [f"{TITLE}_云岭县人民政府"], TITLE),
        (["首页", TITLE], [f"云岭县人民政府 部门动态 {TITLE}"], TITLE),
        (["部门动态", TITLE], ["部门动态-云岭县人民政府", TITLE], TITLE),
        (["青石镇召开山区小学", "校车安全工作现场会"], [TITLE], "青石镇召开山区小学 校车安全工作现场会"),
        ([TITLE, "三方护送机制全面建立"], [f"{TITLE}-云岭县"], TITLE),
        ([f"{TITLE} 2024-05-01 来源：县教育局"], [TITLE], TITLE),
        ([f"当前位置：首页 > {TITLE}", TITLE], [TITLE], TITLE),
        ([TITLE.replace("会", "赛")], [TITLE], TITLE.replace("会", "赛")),
        ([TITLE], [f"{TITLE[:9]}...-云岭县"], TITLE),
        ([TITLE], [f"{TITLE[:9]}…"], TITLE),
        (["云岭县人民政府"], [f"{TITLE}_云岭县人民政府"], None),
        (["云岭县人民政府"], ["云岭县人民政府"], "云岭县人民政府"),
        (["名称： | " + TITLE + " | 文号： | 1", "长" * 200, "——"], [TITLE], TITLE),
        (["文号： | 1 | 索引号： | 2", "——"], [TITLE], None),
        (["名称 | " + TITLE, TITLE.replace("会", "赛")], [TITLE], TITLE.replace("会", "赛")),
        (["一", TITLE, "长" * 140], [TITLE], TITLE),
        ([TITLE], ["", "另一个题目，毫无关系"], None),
    ],
)
def test_the_line_most_like_a_hidden_title_is_the_headline(
    lines: list[str], hints: list[str], title: str | None
) -> None:
    found = told_headline(lines, hints, len(lines))
    assert (found.text if found else None) == title


def test_a_line_of_the_body_must_be_much_more_like() -> None:
    edited, opening = TITLE.replace("会", "赛"), f"{TITLE}强调"
    for inside, title in ((1, edited), (2, opening)):
        found = told_headline([edited, opening], [TITLE], inside)
        assert found is not None
        assert found.text == title


def test_the_heading_above_the_attributes_is_found() -> None:
    lines = ["部门动态", TITLE, "副题一行", "2024-05-01 来源：县教育局", "打印"]
    heading, above = heading_above(lines, {TITLE: 1}, 5), heading_above(lines, None, 5)
    assert heading is not None
    assert above is not None
    assert (heading.text, above.text) == (TITLE, "副题一行")
    assert heading_above(lines, {"别的": 1}, 5) is None
    assert heading_above(["打印", "位置：首页"], None, 2) is None
    assert heading_above(["正文第一段"], None, 1) is None


def test_an_attribute_is_told_from_a_headline() -> None:
    assert is_attribute("2024-05-01")
    assert is_attribute("作者：闻某")
    assert not is_attribute(TITLE)
    assert not is_attribute("来源：" + "长" * 200)
    assert less_attributes(f"{TITLE} ( 2024-05-01)") == TITLE
    assert less_attributes("来源：") == "来源："


def test_a_headline_in_two_lines_is_read_whole_though_they_were_edited_where_they_join() -> None:
    lines, hint = (
        ["云岭县教育局关于推广", "支持创新相关举措的通知"],
        "云岭县教育局关于推广支持创新相关举措的通知_政务公开",
    )
    for edited in (lines, ["云岭县教育局关于推荐", lines[1]], [lines[0], "曦持创新相关举措的通知"]):
        found = told_headline(edited, [hint], 2)
        assert found is not None
        assert found.text == " ".join(edited)

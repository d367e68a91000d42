"""Claims about labelled values."""

import pytest

from core.labels import (
    EDITOR,
    PUBLISHERS,
    SOURCE,
    is_only_label,
    label_start,
    less_closing_editor,
    read_closing_editor,
    read_label,
    read_name,
    read_value,
)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("来源: 教育厅", "教育厅"),
        ("文章出处：云岭日报", "云岭日报"),
        ("来源：教育厅 我要评论", "教育厅"),
        ("来源：教育厅分享", "教育厅"),
        ("来源：分享", ""),
        ("来源：教育厅 大 中 小", "教育厅"),
        ("来源：教育厅 A+ A-", "教育厅"),
        ("来源：教育厅 ( )", "教育厅"),
        ("来源：大众日报 小康杂志", "大众日报 小康杂志"),
        ("来源：新华社 2024-05-13 13:48", "新华社"),
        ("信息来源：省发改委 发布日期：2016-11-22", "省发改委"),
        ("来 源：湘潭日报·新湘潭客户端", "湘潭日报·新湘潭客户端"),
        ("2019-09-26 12:11来源：证券时报网作者：李某", "证券时报网"),
        ("来源：访问量：199", ""),
        ("来源：人民网[四川频道]", "人民网[四川频道]"),
        ("来源：人民网【四川频道】 【字体：大 中 小】", "人民网【四川频道】"),
        ("来源：人民网[ 大 中 小 ]", "人民网"),
        ("来源：人民网【打印】", "人民网"),
        ("来源：人民网 【", "人民网"),
        ("来源：四川日报 审核 张三", "四川日报"),
        ("来源：", ""),
        ("来源： 白云时事 字体大小： 大 中 小", "白云时事"),
        ("来源：济南市文化和旅游局（原市文广新局）", "济南市文化和旅游局（原市文广新局）"),
        ("来源：四川日报 | 打印", "四川日报"),
        ("来源：县统计局】", "县统计局"),
        ("来源：[ 湖北日报 ]", "湖北日报"),
        ("来源：[大 中 小]", ""),
        ("来源：【打印】", ""),
        ("来源： | 新华社 | 文号：", "新华社"),
        ("来源： | 文号：", ""),
        ("来源 新华社 2024-05-11", "新华社"),
        ("来源 浏览次数", None),
        ("来源 于实践，高于实践。", None),
        ("来源:县教育局字体:大 中", "县教育局"),
        ("来源：云岭日报 举报", "云岭日报"),
        ("来源：云岭日报（2024年5月1日 第3版）", "云岭日报"),
        ("作者：闻某来源：县教育局", "县教育局"),
        ("作者：闻某图片来源：县教育局", None),
        ("资金来源：财政拨款", None),
        ("无此标签", None),
    ],
)
def test_a_source_ends_where_the_next_thing_begins(line: str, source: str | None) -> None:
    assert read_label(SOURCE, line) == source


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("责任编辑：贺茜", "贺茜"),
        ("执行编辑：贺茜", "贺茜"),
        ("责编/贺茜 校对/闻某", "贺茜"),
        ("编辑：贺茜/审核：闻某", "贺茜"),
        ("责任编辑: 白婉苹", "白婉苹"),
        ("【责任编辑：刘峻凌】", "刘峻凌"),
        ("(责编：周梦娇、唐璐璐)", "周梦娇、唐璐璐"),
        ("编辑：（胡冠山）", "胡冠山"),
        ("责任编辑：熊 武", "熊 武"),
        ("责任编辑：", ""),
        ("责任编辑：苏可明【省】", "苏可明【省】"),
        ("责任编辑：苏可明 校对 张三", "苏可明 校对 张三"),
        ("责任编辑：苏可明 校对", "苏可明"),
        ("责 任 编 辑 ： 苏可明 审核：闻某", "苏可明"),
        ("发布日期：2019-03-06责任编辑：龙慧", "龙慧"),
        ("编辑：闻某 责任编辑：苏可明", "苏可明"),
        ("责任编辑 苏可明", "苏可明"),
        ("责任编辑 由校办的一位老师担任", None),
        ("作者：闻某责任编辑：苏可明", "苏可明"),
        ("编辑：苏可明；审核：闻某", "苏可明"),
        ("美术编辑：某某", None),
        ("编辑部设在教育局", None),
    ],
)
def test_an_editor_is_read_in_every_spelling(line: str, editor: str | None) -> None:
    assert read_label(EDITOR, line) == editor


def test_a_list_of_offices_is_a_value_and_a_long_sentence_is_none() -> None:
    offices = "、".join(["云岭县教育局"] * 20)
    assert read_value(SOURCE, f"来源：{offices}") == offices
    assert read_value(SOURCE, f"来源：{'教育局，' * 20}") is None
    assert read_value(SOURCE, "来源：" + "长" * 300) is None
    assert read_value(SOURCE, "无此标签") is None


def test_the_publisher_of_an_information_table_is_read() -> None:
    assert read_label(PUBLISHERS[0], "索引号： | 5199/1 | 发布机构： | 县教育局 | 生成日期：") == "县教育局"
    assert read_label(PUBLISHERS[0], "责任部门：县教育局") is None


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("会议结束。【责任编辑：苏可明】", "苏可明"),
        ("长" * 300 + "(责编:苏可明、闻某)", "苏可明、闻某"),
        ("会议结束。（来源：县教育局）", None),
        ("编辑：苏可明", None),
    ],
)
def test_an_editor_in_brackets_at_the_end_of_a_paragraph_is_read(line: str, editor: str | None) -> None:
    assert read_closing_editor(line) == editor


def test_where_the_first_label_stands_is_told() -> None:
    assert label_start("标题 来源：县教育局") == 3
    assert label_start("标题") == 2


def test_a_line_of_a_label_and_what_was_read_is_told_from_a_longer_one() -> None:
    assert is_only_label(SOURCE, "（来源：云岭日报）", "云岭日报")
    assert not is_only_label(SOURCE, "（来源：云岭日报 记者闻某）", "云岭日报")
    assert not is_only_label(SOURCE, "据云岭日报来源：云岭日报", "云岭日报")
    assert not is_only_label(SOURCE, "来源：", "")


def test_a_name_alone_behind_the_label_is_read_and_a_button_is_not() -> None:
    assert read_name("责任编辑：苏可明") == "苏可明"
    assert read_name("责任编辑：返回首页") == read_name("来源：苏可明") == read_name("责任编辑：") == ""


def test_the_editor_in_brackets_goes_from_a_paragraph_only_where_it_was_read() -> None:
    assert less_closing_editor("会议结束。【责任编辑：苏可明】", "苏可明") == "会议结束。"
    assert less_closing_editor("长" * 90 + "。（责编：苏可明）", "苏可明") == "长" * 90 + "。"
    assert less_closing_editor("会议结束。【责任编辑：苏可明】", "闻某") == "会议结束。【责任编辑：苏可明】"
    assert less_closing_editor("会议结束。", "") == "会议结束。"

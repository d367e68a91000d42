"""Claims about labelled values."""

import pytest

from core.labels import EDITOR, SOURCE, read_label, read_time


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("来源: 教育厅", "教育厅"),
        ("来源：新华社 2024-05-13 13:48", "新华社"),
        ("信息来源：省发改委 发布日期：2016-11-22", "省发改委"),
        ("来 源：湘潭日报·新湘潭客户端", "湘潭日报·新湘潭客户端"),
        ("2019-09-26 12:11来源：证券时报网作者：李某", "证券时报网"),
        ("来源：访问量：199", ""),
        ("来源：", ""),
        ("来源： 白云时事 字体大小： 大 中 小", "白云时事"),
        ("来源：济南市文化和旅游局（原市文广新局）", "济南市文化和旅游局（原市文广新局）"),
        ("来源：四川日报 | 打印", "四川日报"),
        ("发布机构：万载县统计局】", "万载县统计局"),
        ("来源：[ 湖北日报 ]", ""),
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
        ("责任编辑: 白婉苹", "白婉苹"),
        ("【责任编辑：刘峻凌】", "刘峻凌"),
        ("(责编：周梦娇、唐璐璐)", "周梦娇、唐璐璐"),
        ("编辑：（胡冠山）", "胡冠山"),
        ("责任编辑：熊 武", "熊 武"),
        ("责任编辑：", ""),
        ("责 任 编 辑 ： 苏可明 审核：闻某", "苏可明"),
        ("发布日期：2019-03-06责任编辑：龙慧", "龙慧"),
        ("美术编辑：某某", None),
        ("编辑部设在教育局", None),
    ],
)
def test_an_editor_is_read_in_every_spelling(line: str, editor: str | None) -> None:
    assert read_label(EDITOR, line) == editor


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("2024-05-13 13:48", "2024-05-13T13:48:00+08:00"),
        ("发布日期：2024-05-13 点击数：7", "2024-05-13"),
        ("来源：新华社 2024-05-13", "2024-05-13"),
        ("2024年5月13日 星期一", "2024-05-13"),
        ("2024年5月13日，会议召开。", None),
        ("会议于2024年5月13日召开", None),
        ("发布" + "2024-05-13" + "长" * 200, None),
        ("没有", None),
    ],
)
def test_a_sentence_that_mentions_a_date_is_not_the_time_of_publication(line: str, when: str | None) -> None:
    assert read_time(line) == when

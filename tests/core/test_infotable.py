"""Claims about the information table of documents."""

import pytest

from core.blocks import parse_html
from core.infotable import (
    is_index_row,
    names_a_cell,
    pairs_of_blocks,
    pairs_of_rows,
    pairs_of_tables,
    pairs_without_blanks,
)


@pytest.mark.parametrize(
    ("block", "is_row"),
    [
        ("索引号： | 5199/1 | 发布机构： | 县教育局", True),
        ("索取号 | 发布时间 | 发布机构", True),
        ("索 引 号：5199/1", True),
        ("【文号】：云教1号", True),
        ("名称 | 数量", False),
        ("分类施策，发布机构合力。", False),
        ("索引号： | " + "长" * 500, False),
    ],
)
def test_a_row_of_an_information_table_is_known(block: str, is_row: bool) -> None:
    assert is_index_row(block) is is_row


def test_a_label_in_a_box_of_its_own_is_paired_with_the_next() -> None:
    blocks = ["责任部门：", "县教育局", "文号：", "有效性：", "有效", "这是一个很长很长的句子末尾：", "正文"]
    assert list(pairs_of_blocks(blocks)) == ["责任部门：县教育局", "有效性：有效"]


def pairs(html: str) -> list[str]:
    root = parse_html(html)
    assert root is not None
    return list(pairs_of_tables(root))


def test_a_row_of_labels_above_a_row_of_values_is_paired_with_empty_cells_in_place() -> None:
    rows = "<tr><td>索取号</td><td>发布时间</td><td>发布机构</td></tr><tr><td>1</td><td></td><td>县教育局</td></tr>"
    assert pairs(f"<table>{rows}</table>") == ["索取号: 1", "发布时间: ", "发布机构: 县教育局"]


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>索取号</td><td>发布机构</td></tr>",
        "<tr><td>索取号</td></tr><tr><td>1</td></tr>",
        "<tr><td>校车</td><td>数量</td></tr><tr><td>1</td><td>2</td></tr>",
        "<tr><td>索取号</td><td><p>一<p>二<p>三<p>四</td></tr><tr><td>1</td><td>2</td></tr>",
        "<tr><td>索取号</td><td>发布机构</td></tr><tr><td>1</td></tr>",
    ],
)
def test_other_tables_give_nothing(rows: str) -> None:
    assert pairs(f"<table>{rows}</table>") == []


def test_labels_before_their_values_in_a_row_need_no_colon() -> None:
    rows = ["索引号 | 5199/1 | 发布机构 | 县教育局", "分类 | 文号", "云岭县 | 3所", "长" * 500]
    assert list(pairs_of_rows(rows)) == ["索引号：5199/1", "发布机构：县教育局"]
    assert names_a_cell("名称 | 关于印发方案的通知")
    assert not names_a_cell("名称 | 规格 | 数量")
    assert not names_a_cell("关于印发方案的通知")


def test_a_label_without_anything_behind_it_is_told_from_its_value() -> None:
    assert list(pairs_without_blanks(["发布机构县教育局", "发布机构", "发布机构县教育局，负责", "长" * 99])) == [
        "发布机构：县教育局"
    ]

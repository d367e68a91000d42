"""Claims about what templates write inside the container of an article."""

import re
from collections import Counter

import pytest

from core.fold import fold_width
from core.profile import Rule
from core.trim import _END, _MAY_END, edged, less_links, trimmed

TITLE = "青石镇召开现场会"
TEXT = (
    "会议在青石镇召开，研究部署了山区小学校车安全工作，听取了汇报。",
    "会议强调，要抓好落实，确保安全；任何人不得例外。",
)


@pytest.mark.parametrize(
    ("head", "foot", "kept"),
    [
        ((), (), TEXT),
        ((TITLE,), (), TEXT),
        (("青石镇", "召开现场会"), (), TEXT),
        ((TITLE, "2024-05-01 来源：县教育局"), (), TEXT),
        ((TITLE, "2024-05-01", "来源：县教育局", "【字体：大 中 小】"), (), ("【字体：大 中 小】", *TEXT)),
        (("来源：人民网 记者：闻某",), (), ("来源：人民网 记者：闻某", *TEXT)),
        (("2023-01-01",), (), ("2023-01-01", *TEXT)),
        (("（2024年5月1日）",), (), ("（2024年5月1日）", *TEXT)),
        ((), ("发布日期：2024-05-01", "【打印】"), TEXT),
        (("索引号： | 1 | 发布机构： | 县教育局",), (), TEXT),
        (("索引号 | 发布机构", "1 | 县教育局"), (), TEXT),
        ((), ("责任编辑：苏可明", "扫一扫在手机打开当前页", "分享到"), TEXT),
        ((), ("相关阅读：", "云岭县召开春耕会议", "2024-04-01"), TEXT),
        ((), ("责任编辑：另一人",), (*TEXT, "责任编辑：另一人")),
        ((), ("打印机价目表", "关闭时间"), (*TEXT, "打印机价目表", "关闭时间")),
        ((), ("打印", "会后还有一句。"), (*TEXT, "打印", "会后还有一句。")),
        ((), ("打印", "很长的一段没有句号的文字" * 9), (*TEXT, "打印", "很长的一段没有句号的文字" * 9)),
    ],
)
def test_only_what_was_read_elsewhere_and_buttons_go(
    head: tuple[str, ...], foot: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    assert trimmed((*head, *TEXT, *foot), TITLE, "2024-05-01", "县教育局", "苏可明") == kept


def test_a_body_that_is_all_table_or_title_stays() -> None:
    rows = ("索引号： | 1 | 文号： | 2",)
    assert trimmed(rows, "", "", "", "") == rows
    assert trimmed((TITLE,), TITLE, "", "", "") == (TITLE,)
    assert trimmed((), TITLE, "", "", "") == ()


DATES = ("时间：1月1日",) * 7


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (
            ("计数1", "来源：县教育局", "计数2", "正文。", "计数3", "会后。", "计数4"),
            ("来源：县教育局", "正文。", "计数3", "会后。"),
        ),
        (("正文 计数1", "计数2", "会后。"), ("正文", "计数2", "会后。")),
        (("计数1", "计数2"), ()),
        ((*DATES, "计数1", *DATES), (*DATES, "计数1", *DATES)),
        ((), ()),
    ],
)
def test_a_rule_of_the_edges_works_up_to_the_first_block_of_the_article(
    body: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert edged(body, [Rule("count", "why", "计数[0-9]", kind="part", scope="edge")], Counter()) == left


def test_a_list_of_links_at_the_end_goes_and_one_link_or_many_stay() -> None:
    links = {"云岭县召开春耕会议", "青石镇植树", "点击阅读原文"}
    text = ("会议在青石镇召开，研究部署了校车安全工作。" * 3, "会议强调，要抓好落实。")
    assert less_links((*text, "· 云岭县召开春耕会议", "2.青石镇植树"), links) == text
    assert less_links((*text, "点击阅读原文"), links) == (*text, "点击阅读原文")
    assert less_links(("导语。", "云岭县召开春耕会议", "青石镇植树"), links) == (
        "导语。",
        "云岭县召开春耕会议",
        "青石镇植树",
    )
    assert less_links(("青石镇植树",) * 3, links) == ("青石镇植树",) * 3


def test_pages_to_turn_are_a_foot() -> None:
    body = ("会议在青石镇召开，研究部署了校车安全工作，听取了汇报。" * 2, "上一页 1 2 3 ... 下一页")
    assert trimmed(body, "", "", "", "") == body[:1]
    assert trimmed((*body[:1], "第3页"), "", "", "", "") == (*body[:1], "第3页")


def test_a_source_that_was_read_is_a_foot_where_it_stands_alone() -> None:
    body = ("会议在青石镇召开，研究部署了校车安全工作，听取了汇报。", "（来源：云岭日报）")
    assert trimmed(body, "", "", "云岭日报", "") == body[:1]
    assert trimmed(body, "", "", "县教育局", "") == body
    assert trimmed((body[0], "会后。责任编辑：苏可明"), "", "", "", "苏可明") == (body[0], "会后。责任编辑：苏可明")


def test_whatever_ends_a_body_is_known_by_how_it_begins() -> None:
    feet = re.findall(
        r"\S+",
        "扫一扫 扫描二维码 微信扫一扫 上一篇: 下一条: 返回顶部 点击右上角 打印本页 关闭窗口 分享到: 分享到微信 相关链接: 推荐阅读 延伸阅读 关联附件 "
        "为你推荐 猜你喜欢 热门点击 全部评论 网友评论 发表评论 客户端下载 图集 点赞3 +1 上一页 首页 尾页 末页 共3页 3页 ...1页 …9页",
    )
    written = set(_END.pattern) | set("0123456789")
    letters = written | {chr(ord(letter) + 0xFEE0) for letter in written if letter.isascii()} | set(" \u3000\u00a0")
    for foot in feet:
        assert _END.match(foot), foot
        for line in {foot, *(letter + foot for letter in letters), *(letter + foot[1:] for letter in letters)}:
            assert _MAY_END.match(line) or not _END.match(fold_width(line)), line

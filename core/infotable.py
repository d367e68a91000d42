"""Reading the information table (索引号, 发布机构, 成文日期) that pages of documents show above the article."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from core.blocks import element_line
from core.fold import fold_width
from core.labels import spelled
from core.patterns import lazy_pattern

_WORDS = spelled(
    """
    索引号 索取号 信息索引 信息索引号 文件编号 文号 发文字号 文件字号 公文字号 发布机构 信息发布机构 发布单位
    发布部门 发文机关 发文机构 发文单位 制发机关 责任部门 责任单位 公开责任部门 公开主体 公开方式 公开时限
    公开范围 公开形式 公开类别 公开日期 公开时间 发布日期 发布时间 成文日期 成文时间 发文日期 生成日期 印发日期
    生效日期 生效时间 失效时间 失效日期 废止日期 废止时间 施行日期 主题分类 主题词 体裁分类 组配分类 服务对象
    信息类别 信息名称 信息分类 信息来源 所属主题 分类 类别 名称 标题 关键词 关键字 有效性 时效性 是否有效
    效力状态 内容概述 内容摘要 备注 备注/文号 文件状态 统一登记号 统一编号 有效期 所属类别 载体类型 信息格式
    语种 公文名称 文件名称 办文部门 发文部门
    """
)
_CELL = lazy_pattern(rf"[\[【]?\s?(?:{_WORDS})\s?[\]】]?\s{{0,3}}:?")
_LEADING = lazy_pattern(rf"[\[【]?\s?(?:{_WORDS})\s?[\]】]?\s{{0,3}}:")
_GLUED = lazy_pattern(r"(发布机构|发布单位|发文机关|发文机构|公开主体)\s?([\u4e00-\u9fff]{3,30})")
_NAME = lazy_pattern(spelled("名称 标题 信息名称 公文名称 文件名称"))
_MOST_LABEL_CHARS = 12
_MOST_VALUE_CHARS = 60
_MOST_ROW_CHARS = 400


def is_index_row(block: str) -> bool:
    """Tell whether a block is one row of an information table: `索引号： | 1234/2024-1 | 发布机构： | 县统计局`."""
    if len(block) > _MOST_ROW_CHARS:
        return False
    folded = fold_width(block)
    if " | " not in folded:
        return ":" in folded and _LEADING.match(folded) is not None
    known = sum(_CELL.fullmatch(cell) is not None or _LEADING.match(cell) is not None for cell in folded.split(" | "))
    return known >= 2 or (known == 1 and _LEADING.match(folded) is not None)


def names_a_cell(row: str) -> bool:
    """Tell whether a row of two cells is one of an information table without colons: `名称 | 关于印发方案的通知`."""
    label, cut, value = fold_width(row).partition(" | ")
    return bool(cut) and " | " not in value and _CELL.fullmatch(label) is not None


def pairs_of_rows(rows: Sequence[str]) -> Iterator[str]:
    """Yield `label: value` lines for the cells of rows in which each label stands before its value."""
    for row in rows:
        cells = row.split(" | ") if len(row) <= _MOST_ROW_CHARS else []
        for label, value in pairwise(cells):
            known, own = (_CELL.fullmatch(fold_width(cell)) for cell in (label, value))
            if known and not own:
                yield f"{label.rstrip(':： ')}：{value}"


def pairs_without_blanks(rows: Sequence[str]) -> Iterator[str]:
    """Yield `label: value` lines for rows that begin with the label of a publisher: 发布机构县教育局."""
    for row in rows:
        if len(row) <= _MOST_VALUE_CHARS and (match := _GLUED.fullmatch(row)):
            yield f"{match[1]}：{match[2]}"


def names_of_document(rows: Sequence[str]) -> Iterator[str]:
    """Yield what rows of an information table give as the name of the document."""
    for pair in pairs_of_rows(rows):
        label, _, value = pair.partition("：")
        if _NAME.fullmatch(label):
            yield value


def pairs_of_blocks(blocks: Sequence[str]) -> Iterator[str]:
    """Yield `label: value` lines for labels that stand in a block of their own, above the block of their value."""
    for label, value in pairwise(blocks):
        folded = fold_width(label)
        if folded.endswith(":") and len(label) <= _MOST_LABEL_CHARS and ":" not in fold_width(value):
            yield f"{label}{value}"


def pairs_of_tables(root: etree._Element) -> Iterator[str]:
    """Yield `label: value` lines for tables of a row of labels above a row of values; empty cells keep their place."""
    for table in root.iter("table"):
        rows = iter(table.iter("tr"))
        first, second = next(rows, None), next(rows, None)
        if first is None or second is None or len(first) != len(second) or len(first) < 2:
            continue
        labels = [fold_width(element_line(cell)) for cell in first if len(cell) < 4]
        if len(labels) == len(first) and sum(_CELL.fullmatch(label) is not None for label in labels) >= 2:
            for label, cell in zip(labels, second, strict=True):
                yield f"{label.rstrip(': ')}: {element_line(cell)[:_MOST_VALUE_CHARS]}"

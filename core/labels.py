"""Reading labelled values (来源, 责任编辑) out of a line of text."""

import re

from core.dates import date_start, is_only_date, read_date
from core.fold import fold_width

_SPACED = r"\s{0,4}"


def _spell(*words: str) -> str:
    """Spell labels so that blanks between the characters do not matter: `来 源`."""
    return "|".join(_SPACED.join(word) for word in sorted(words, key=len, reverse=True))


_COLON = r"\s{0,3}:"
_SOURCES = _spell("来源", "信息来源", "稿件来源", "文章来源", "新闻来源", "发布机构", "信息发布机构", "责任部门")
SOURCE = re.compile(rf"(?:{_SOURCES}){_COLON}")
EDITOR = re.compile(rf"(?:{_spell('责任编辑', '责编', '编辑', '网站编辑', '本文编辑')}){_COLON}")
LABELS = {"source": SOURCE, "editor": EDITOR}
_OTHERS = _spell(
    "来源", "作者", "记者", "时间", "发布时间", "发布日期", "更新时间", "成文日期", "日期", "责任编辑", "责编", "编辑",
    "审核", "校对", "初审", "终审", "浏览次数", "浏览量", "浏览", "点击数", "点击量", "点击", "阅读次数", "阅读量",
    "阅读", "访问量", "访问次数", "字体大小", "字体", "字号", "文字大小", "大小", "信息来源", "文章来源", "稿件来源",
    "发布机构", "索引号", "文号", "主题分类", "发布人", "责任人", "摄影", "供稿", "撰稿", "分享到", "分享",
)  # fmt: skip
_STOP = re.compile(
    rf"\s\|\s|[|【\[]|(?:{_OTHERS}){_COLON}|(?:^|[\s)】(])(?:{_OTHERS})(?:\s|$)|下载|收藏|打印|关闭窗口|我要纠错|扫一扫"
)
_TIME = re.compile(r"时\s{0,4}间|日\s{0,4}期|发布|发表")
_MOST_LINE_CHARS = 160
_MOST_DATE_LINE_CHARS = 60


def read_label(label: re.Pattern[str], line: str) -> str | None:
    """Return the value after `label` in `line`: empty where the label stands alone, None where it is absent.

    A value ends at the next label, at a date, or at the end of the line; brackets around it are taken off,
    brackets inside it are kept.
    """
    folded = fold_width(line)
    match = label.search(folded)
    if match is None or _runs_on(folded, match.start()):
        return None
    rest, kept = folded[match.end() :], line[match.end() :]
    stop = _STOP.search(rest)
    cut = min(stop.start() if stop else len(rest), date_start(kept))
    return _bare(kept[:cut])


def read_time(line: str) -> str | None:
    """Return the time of publication that `line` is there to tell, or None where it merely mentions a date.

    A date alone, with a label, beside a source, or at the head of a short line that is no sentence.
    """
    if len(line) > _MOST_LINE_CHARS or not (when := read_date(line)):
        return None
    leads = date_start(line) == 0 and len(line) <= _MOST_DATE_LINE_CHARS and not line.endswith(("。", ".", ";"))
    return when if leads or is_only_date(line) or _TIME.search(line) or SOURCE.search(fold_width(line)) else None


def _runs_on(line: str, start: int) -> bool:
    """Tell whether a label is only the end of a longer word, as 来源 in 资金来源 and 编辑 in 美术编辑."""
    before = line[start - 1] if start else " "
    return before.isalpha() and before >= "\u4e00" and not line[:start].rstrip().endswith(("日", "分", "秒"))


def _bare(value: str) -> str:
    text = value.strip()
    for opening, closing in ("()", "（）", "[]", "【】"):
        if text.startswith(opening) and text.endswith(closing):
            text = text[1:-1]
    text = text.strip(" \t:：,，;；、|-—")
    for opening, closing in ("()", "（）", "[]", "【】"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1]
    return text.strip()

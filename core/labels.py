"""Reading labelled values (来源, 责任编辑) out of a line of text."""

import re
from functools import lru_cache

from core.dates import date_start, find_dates
from core.fold import fold_width
from core.patterns import lazy_pattern

_BLANK = r"\s{0,4}"
_COLON = r"\s{0,3}[:∶﹕丨]"
_COLONS = (":", "∶", "﹕", "丨")


def spelled(words: str) -> str:
    """Return a pattern for any of `words`, longest first; blanks between the characters do not matter: `来 源`."""
    return "|".join(_BLANK.join(word) for word in sorted(words.split(), key=len, reverse=True))


def _label(words: str) -> re.Pattern[str]:
    return lazy_pattern(rf"(?:{spelled(words)}){_COLON}")


SOURCE = _label(
    "来源 信息来源 稿件来源 文章来源 新闻来源 内容来源 资讯来源 本文来源 来源单位 来源部门 来源媒体 来源于 信息来源于 "
    "文章来源于 稿源 转载来源 原文来源 文章出处 信息出处"
)
_CHIEF = "责任编辑 责编 网站责任编辑 本文责任编辑 值班编辑"
_CHIEF_EDITOR = _label(_CHIEF)
EDITOR = _label(f"{_CHIEF} 编辑 网站编辑 网络编辑 本文编辑 网编 信息编辑 文字编辑 执行编辑 本期编辑 编辑人 编辑人员")
LABELS = {"source": SOURCE, "editor": EDITOR}
PUBLISHERS = (
    _label("发布机构 信息发布机构"),
    _label("发布单位 发布部门 信息发布单位"),
    _label("发文机关 发文机构 发文单位 制发机关 公开主体"),
    _label("责任部门 责任单位 公开责任部门 信息提供单位"),
)
"""Labels of information tables that name who published, best first: they stand in for a source that is not shown."""
SENDER = _label("供稿单位 供稿部门 来稿单位 投稿单位 报送单位")
"""Who sent an article in stands in for its source above the article alone; below, it is a signature."""

_OTHERS = spelled(
    """
    来源 信息来源 稿件来源 文章来源 作者 文章作者 记者 通讯员 时间 发布时间 发布日期 更新时间 更新日期 发表时间
    发稿时间 添加时间 录入时间 成文日期 生成日期 日期 有效期 有效性 责任编辑 责编 编辑 网络编辑 审核 审核人
    审稿 校对 校稿 初审 复审 终审 编审 监制 策划 浏览次数 浏览量 浏览数 浏览 点击数 点击量 点击率 点击次数 点击
    阅读次数 阅读量 阅读数 阅读 访问量 访问次数 人气 字体大小 字体 字号 文字大小 大小 视力保护色 保护视力色
    发布机构 发布单位 发文机关 发文机构 索引号 文号 发文字号 主题分类 主题词 发布人 发布者 录入 录入人 责任人
    责任部门 供稿 供稿单位 撰稿 摄影 图片 分享到 分享至 分享 信息类别 文章类型 公开方式 公开日期 关键词 标签 栏目 备注
    阅读人次 浏览人次 访问人次 点击人次 点击人数 浏览人数 字数 阅读时长
    名称 举报 评论 转发 纠错 订阅 关注 大字体 小字体 参与互动 听新闻 放大 缩小 默认
    """
)
_WITH_THE_EDITOR = spelled("审核 审核人 审稿 校对 校稿 初审 复审 终审 编审 监制")
"""Who stands behind an editor without a colon is told as part of the editor."""
_BUTTONS = "下载|收藏|打印|关闭窗口|我要纠错|扫一扫"
_WIDGETS = (
    r"手机看新闻|语音播报|\s(?:我要评论|朗读|分享到|[特大中小](?:\s[特大中小]){1,3}(?:\s|$)"
    r"|[AT][+-]?\s[AT](?:[+-]|\s|$)|[(\[]\s?[)\]])"
)


def _stop(kept: str) -> re.Pattern[str]:
    """Return a pattern for what ends a value: the next cell, label or button; words of `kept` only with a colon."""
    # The labels stand in it once, behind a bracket (1), a blank (2) or nothing: written thrice, 5 ms to compile.
    return lazy_pattern(
        rf"\s?\||[【\[]\s?(?:{_BUTTONS}|关闭|返回|纠错|[特大中小]\s|[特大中小\s]*[\]】]|$)"
        rf"|(?:([【\[]\s?)|(^|[\s)】(])(?!(?:{kept})\s)|)(?:{_OTHERS})(?(1)|(?(2)(?:\s|$)|(?:{_COLON}|\s?/)))"
        rf"|\s[\u4e00-\u9fff]{{2,6}}\s?:|{_BUTTONS}|{_WIDGETS}"
    )


_STOP = _stop(kept="(?!)")
_STOP_OF_EDITOR = _stop(kept=_WITH_THE_EDITOR)
_GLUED_WIDGETS = lazy_pattern(r"(?<=[^\s]{2})(?:(?:我要)?分享|纠错|朗读|大中小)$")
_ANY_LABEL = lazy_pattern(rf"(?:{_OTHERS}){_COLON}")
_OF_SOMETHING = lazy_pattern(
    "(?:资金|经费|财政|收入|能源|数据|资料|图片|照片|视频|素材|案例|货物|产品|人员|美术|图文|版面|技术|摄影)$"
)
_NEXT_CELL = lazy_pattern(r"\s?\|\s?(?=[^\s|])")
_IN_BRACKETS = lazy_pattern(r"\s{0,3}[\[【]\s{0,3}([^\[\]【】:]{2,30})[\]】]")
_NAME = lazy_pattern(rf"(?!{_BUTTONS}|返回|首页|关闭|分享|[上下]一|相关|附件|版权|主办)[\u4e00-\u9fff·]{{2,4}}")
_SIZES = lazy_pattern(r"[特大中小\s|/]+")
_WITHOUT_COLON = {
    SOURCE: lazy_pattern(rf"(?:^|[\s)\]])(?:{spelled('来源 信息来源 稿件来源 文章来源')})\s{{1,4}}(?=\S)"),
    EDITOR: lazy_pattern(
        rf"(?:^|[\s【(\[])(?:(?:{spelled('责任编辑 责编')})\s{{1,4}}|(?:{spelled('责任编辑 责编')})\s?[/|]\s?)"
        r"(?=[\u4e00-\u9fff·]{2,4}(?:[\s、)】\]/|]|$))"
    ),
}
_MOST_CHARS_WITHOUT_COLON = 60
_CLOSING_EDITOR = lazy_pattern(
    rf"[(\[【]\s?(?:{spelled(_CHIEF + ' 编辑')}){_COLON}\s?([^\s()\[\]【】。]{{2,20}})\s?[)\]】]$"
)
_CLOSING = (")", "]", "】", "）", "］")
_MOST_CLOSING_CHARS = 40
_SENTENCE = lazy_pattern("[。;!?,]")
_MOST_LINE_CHARS = 300
_MOST_SENTENCE_CHARS = 60


def read_label(label: re.Pattern[str], line: str) -> str | None:
    """Return the value after `label` in `line`: empty where the label stands alone, None where it is absent.

    A value ends at the next label, at a date, at the next table cell, or at the end of the line; brackets around
    it are taken off, brackets inside it are kept. Where two editors are told, the responsible one is meant.
    """
    folded = fold_width(line)
    match = None
    if _has_colon(folded):
        match = (_CHIEF_EDITOR.search(folded) if label is EDITOR else None) or label.search(folded)
    if match is None:
        return _read_without_colon(label, line, folded)
    if _runs_on(folded, match.start()):
        return None
    return _value(line[match.end() :], _STOP_OF_EDITOR if label is EDITOR else _STOP)


def read_value(label: re.Pattern[str], line: str) -> str | None:
    """Return what `read_label` does, or None where the line, or the value in it, is too long to be an attribute.

    A list of many offices is long, a sentence is not an office.
    """
    return _short_value(label, line) if len(line) <= _MOST_LINE_CHARS else None


@lru_cache(maxsize=1024)
def _short_value(label: re.Pattern[str], line: str) -> str | None:
    # The pages of a site have few sources and editors: 7 µs for the first of them, 0.1 for the others.
    value = read_label(label, line)
    is_sentence = value is not None and len(value) > _MOST_SENTENCE_CHARS and _SENTENCE.search(fold_width(value))
    return None if is_sentence else value


def _read_without_colon(label: re.Pattern[str], line: str, folded: str) -> str | None:
    """Read `来源 新华社` and `责任编辑 张三`, in a line that is no sentence."""
    bare = _WITHOUT_COLON.get(label)
    if bare is None or len(line) > _MOST_CHARS_WITHOUT_COLON or _SENTENCE.search(folded):
        return None
    match = bare.search(folded)
    return (_value(line[match.end() :], _STOP) or None) if match else None


def _value(rest: str, stop: re.Pattern[str]) -> str:
    """Return the value at the beginning of what follows a label, up to `stop`."""
    if boxed := _IN_BRACKETS.match(fold_width(rest)):
        inner = rest[boxed.start(1) : boxed.end(1)].strip()
        return "" if stop.search(fold_width(inner)) or _SIZES.fullmatch(inner) else inner
    if cell := _NEXT_CELL.match(fold_width(rest)):
        rest = rest[cell.end() :]
    rest = rest.lstrip()
    end = stop.search(fold_width(rest))
    return _GLUED_WIDGETS.sub("", _bare(rest[: min(end.start() if end else len(rest), date_start(rest))]))


def _runs_on(line: str, start: int) -> bool:
    """Tell whether a label is only the end of a longer word, as 来源 in 资金来源 and 编辑 in 美术编辑.

    Templates also write attributes without a blank between them, so an earlier date or label speaks for a label.
    """
    before = line[:start]
    if not before or not "\u4e00" <= before[-1] <= "\u9fff" or before.endswith(("日", "分", "秒", "次")):
        return False
    known = _ANY_LABEL.search(before) or next(find_dates(before), None)
    return known is None or _OF_SOMETHING.search(before) is not None


def read_name(line: str) -> str:
    """Return the name of an editor where nothing else stands behind the label, or an empty string."""
    match = EDITOR.match(fold_width(line))
    return line[match.end() :] if match and _NAME.fullmatch(line[match.end() :]) else ""


def is_only_label(label: re.Pattern[str], line: str, value: str) -> bool:
    """Tell whether a line, its brackets taken off, holds `label` and the `value` that was read, and nothing else."""
    if not value or not _has_colon(fold_width(line)):
        return False
    text = _bare(line)
    match = label.match(fold_width(text))
    return match is not None and _bare(text[match.end() :]) == value


def names_chief(line: str) -> bool:
    """Tell whether a line labels the responsible editor, not merely an editor."""
    return _CHIEF_EDITOR.search(fold_width(line)) is not None


def read_closing_editor(line: str) -> str | None:
    """Return the editor whom a paragraph names in brackets at its very end, or None."""
    match = _CLOSING_EDITOR.search(fold_width(line[-_MOST_CLOSING_CHARS:])) if line.endswith(_CLOSING) else None
    return _bare(line[-_MOST_CLOSING_CHARS:][match.start(1) : match.end(1)]) if match else None


def less_closing_editor(line: str, editor: str) -> str:
    """Return a paragraph without the editor in brackets at its very end, where that is the one that was read."""
    if not editor or read_closing_editor(line) != editor:
        return line
    match = _CLOSING_EDITOR.search(fold_width(line[-_MOST_CLOSING_CHARS:]))
    return line[: match.start() - min(len(line), _MOST_CLOSING_CHARS)].rstrip() if match else line


def _bare(value: str) -> str:
    text = value.strip().rstrip("(（[【")
    for opening, closing in ("()", "（）", "[]", "【】"):
        if text.startswith(opening) and text.endswith(closing):
            text = text[1:-1]
    text = text.strip(" \t:：,，;；、|/-—")
    for opening, closing in ("()", "（）", "[]", "【】"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1]
    return text.strip()


def label_start(line: str) -> int:
    """Return where the first label of an article's attributes stands in `line`, or the length of `line`."""
    found = _ANY_LABEL.search(folded) if _has_colon(folded := fold_width(line)) else None
    return found.start() if found else len(line)


def _has_colon(folded: str) -> bool:
    """Tell whether a label may stand in a text: a few characters looked for cost a hundredth of a hundred words."""
    return any(map(folded.__contains__, _COLONS))

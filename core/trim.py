"""Taking off the head and the foot of a body what templates write inside it and is no part of the article."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from core.fold import fold_width
from core.headline import is_attribute
from core.infotable import is_index_row
from core.labels import EDITOR, SOURCE, is_only_label, label_start, less_closing_editor, read_label
from core.normalize import canonical
from core.profile import Rule
from core.rules import apply_rules
from core.times import BARE, TOLD, may_be_told, read_time

_HEAD_LINES = 6
_TITLE_LINES = 3
_MOST_HEAD_CHARS = 160
_SENTENCE_ENDS = ("。", "；", "！", "？", ";", "!", "?")
_END = re.compile(
    r"[\[【(]?\s?(?:扫一扫|扫描二维码|微信扫一扫|[上下]一[篇条]\s?:|返回顶部|点击右上角|"
    r"(?:打印|关闭)(?:本页|此页|页面|窗口|文章|本文|当前页面?)?(?:$|[\]】)|/\s])|分享到?\s?:?$|分享到\S{2,4}$|"
    r"(?:(?:相关|推荐|延伸|关联)(?:阅读|新闻|链接|文章|信息|报道|稿件|推荐|附件|解读|文件)|为你推荐|猜你喜欢|热门(?:点击|推荐|文章|新闻)\S*|"
    r"全部(?:留言|评论)|网友评论|发表评论|客户端下载|图集)\s?[:>»]{0,3}$|点赞\s?\d*$|\+\s?1$|"
    # The first look ahead is for what begins a row of page numbers: most lines end there.
    r"(?=[上下首尾末共\d.…])(?=.*页)(?:(?:[上下]一页|首页|[尾末]页|共?\d{1,3}页?|\.{3}|…)[\s|<>«»\[\]]*)+$)"
)
_MAY_END = re.compile(r"[\s\[【(［（扫微上下返点打关分相推延为猜热全网发客图+＋首尾末共\d.．…]")
"""How a line begins that `_END` finds, in whatever width: most others are done with by that look."""
_LEAST_LISTED = 2
_BULLET = re.compile(r"^[·•▪●◆■>»\-\s\d.、|]+")
_MOST_FOOT_SHARE = 0.4
"""Of the text of a body, how much may lie behind the first line of its foot."""


def trimmed(body: Sequence[str], title: str, published: str, source: str, editor: str) -> tuple[str, ...]:
    """Return `body` without an information table, headline and attributes at its head, and without its foot.

    A line with attributes goes only where it tells what was read: else an edit of it would go unseen.
    """
    start = _behind_table(body)
    for at in range(start, min(start + _HEAD_LINES, len(body))):
        if len(body[at]) > _MOST_HEAD_CHARS or body[at].endswith(_SENTENCE_ENDS):
            break
        if is_attribute(body[at]):
            headed = bool(title) and title in "".join(body[start : at + 1])
            start = at + 1 if _tells(body[at].removeprefix(title), published, source, headed) else start
    start += _title_lines(body[start:], title)
    left = body[start : _foot(body, start, (published, source, editor))]
    return (*left[:-1], *(less_closing_editor(line, editor) for line in left[-1:]))


def less_links(body: Sequence[str], links: Collection[str]) -> tuple[str, ...]:
    """Return `body` without a list of links at its very end: two lines or more that are the text of a link each.

    Such a list names other articles of the day. `links` are canonical; what an article refers to stands in sentences.
    """
    listed = next((at for at, line in enumerate(reversed(body)) if _BULLET.sub("", canonical(line)) not in links), 0)
    kept = body[: len(body) - listed]
    is_list = listed >= _LEAST_LISTED and sum(map(len, body[len(kept) :])) <= _MOST_FOOT_SHARE * sum(map(len, body))
    return tuple(kept if is_list else body)


def edged(body: Sequence[str], rules: Sequence[Rule], removed: Counter[str]) -> tuple[str, ...]:
    """Return `body` with `rules` applied to its start and its end, up to the first block that is the article's."""
    return _edge(_edge(body, rules, removed)[::-1], rules, removed)[::-1]


def _edge(body: Sequence[str], rules: Sequence[Rule], removed: Counter[str]) -> tuple[str, ...]:
    kept: tuple[str, ...] = ()
    for at, block in enumerate(body[:_HEAD_LINES], start=1):
        left = apply_rules([block], rules, removed)
        kept += left
        if left and not is_attribute(left[0]):
            return (*kept, *body[at:])
    return (*kept, *body[_HEAD_LINES:])


def _behind_table(body: Sequence[str]) -> int:
    at = 0
    while at < len(body) and is_index_row(body[at]):
        at += 1 if ":" in fold_width(body[at]) else 2
    return at if at < len(body) else 0


def _tells(line: str, published: str, source: str, headed: bool) -> bool:
    """Tell whether a line shows what was read; a date alone may be the document's, unless a headline is above it."""
    time, shown = read_time(line), read_label(SOURCE, line)
    if shown is not None and canonical(shown) != canonical(source):
        return False
    return shown is not None or (
        time is not None and time[1] == published and (headed or time[0] != BARE or label_start(line) < len(line))
    )


def _title_lines(body: Sequence[str], title: str) -> int:
    """Return how many of the first lines spell the title once more."""
    wanted = canonical(title).replace(" ", "")
    for count in range(1, min(_TITLE_LINES, len(body) - 1) + 1):
        if wanted and canonical("".join(body[:count])).replace(" ", "") == wanted:
            return count
    return 0


def _foot(body: Sequence[str], start: int, read: tuple[str, str, str]) -> int:
    """Return where the foot begins: a line of buttons, neighbours or the editor, with no sentence behind it."""
    total = sum(map(len, body[start:]))
    behind, foot = 0, len(body)
    for at in reversed(range(start + 1, len(body))):
        behind += len(body[at])
        if behind > total * _MOST_FOOT_SHARE or body[at].endswith(_SENTENCE_ENDS[0]):
            break
        if (_MAY_END.match(body[at]) and _END.match(fold_width(body[at]))) or _names(body[at], *read):
            foot = at
    return foot


def _names(line: str, published: str, source: str, editor: str) -> bool:
    """Tell whether a line of no sentence names source or editor, or labels the time, as they were read."""
    if "。" in line:
        return False
    # What is read out of a line stands in it: most lines are done with by that look.
    if source in line and is_only_label(SOURCE, line, source):
        return True
    if editor and editor in line and read_label(EDITOR, line) == editor:
        return True
    return may_be_told(line) and read_time(line) == (TOLD, published)

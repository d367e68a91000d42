"""Finding the displayed headline: the line that the page's hidden titles tell, or the one above the attributes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from operator import ne

from msgspec import Struct

from core.dates import date_start
from core.infotable import is_index_row, names_a_cell, names_of_document
from core.labels import label_start
from core.normalize import canonical
from core.patterns import lazy_pattern
from core.times import FILED, read_time

_LEAST_CHARS = 4
_MOST_CHARS = 150
_LEAST_SHARE = 0.6
"""Of the pairs of characters of a line, how many a hidden title must share: a title of six may differ by one."""

_GAIN_INSIDE = 0.75
_GAIN_IN_TABLE = 0.5
_MOST_COLUMN_CHARS = 8
_MOST_LINES_JOINED = 3
_PATH = lazy_pattern(r"位置\s?[:：]|[>＞»›]\s?\S|^首页|[>＞»›]\s*$")
_WIDGET = lazy_pattern(
    r"[\[【(（]?\s?(?:分享|打印|字体|字号|收藏|关闭|扫一扫|浏览|点击|阅读|纠错|返回|下载|微信|微博|无障碍|放大|缩小|登录|注册|"
    "大 ?中 ?小|正文|全文|视力)"
)
_ADDRESS = lazy_pattern(r"(?:https?://|www\.)|\.(?:gov|com|org|edu)\b")
_LOWEST = 99
_SITE = lazy_pattern(
    r"(?:网站?|政府|门户|频道|在线|平台|委员会|办公室|研究[所院]|医院|大学|学院|学校|中学|小学|法院|检察院|协会|公司|集团|银行|[局厅部])$"
)
_KIND = lazy_pattern(
    r"(?:新闻|文章|信息|内容|动态|政策|\S{0,4}公告|通知|资讯|页面){0,2}(?:详情|详细信息|正文|内容)|"
    r"\S{0,6}(?:详情|详细|详细信息|正文|内容|展示|浏览)页面?"
)
_LABELLED = lazy_pattern(
    r"(?:职\s*务|职\s*位|岗\s*位|姓\s*名|单\s*位|部\s*门|地\s*点|项\s*目|名\s*称|标\s*题|类\s*别)\s?[:：]"
)
_NOT_WORD = lazy_pattern(r"[\s\W_]+")


class Line(Struct, frozen=True):
    """A displayed headline: its text, the number of its last line, and the pairs of characters where lines join.

    `in_table`: an information table names the document so, which counts where no headline is displayed.
    """

    text: str
    at: int
    seams: frozenset[str] = frozenset()
    in_table: bool = False


def told_headline(lines: Sequence[str], hints: Sequence[str], inside: int) -> Line | None:
    """Return the line, or the lines in a row, most like one of the hidden titles (`hints`), or None.

    Like means: shares pairs of characters. The displayed text is what counts, so it may differ from the hint: a
    hidden title may be stale, carry the site's name, or be cut off. From the line number `inside` on the lines
    are those of the body, which often begins with words of the title.
    """
    candidates = [(line, bare, _pairs(bare)) for line, bare in _candidates(lines) if len(bare) > 1]
    best, most = None, 0.0
    for hint in hints:
        bare_hint, stem = _bare(hint), _stem(hint)
        pairs = _pairs(bare_hint)
        for line, bare, own in candidates:
            if _LABELLED.match(line.text) and not _LABELLED.match(hint):
                continue
            common = len(own) if stem and bare.startswith(stem) else len(own & pairs)
            gain = (2 * common - len(own)) * (_GAIN_INSIDE if line.at >= inside else 1)
            gain *= _GAIN_IN_TABLE if line.in_table else 1
            likely = common >= _LEAST_SHARE * len(own) and (line.seams <= pairs or _begins(bare_hint, bare))
            if gain >= max(most, 1) and likely and (bare == bare_hint or not looks_like_site(line.text)):
                best, most = line, gain
    return best


def heading_above(lines: Sequence[str], ranks: Mapping[str, int] | None, inside: int) -> Line | None:
    """Return the highest heading above the attributes (time, source), the nearest of equals, or None.

    `ranks` has the headings in their canonical form, 1 being the highest; None lets any line count. Where no
    attributes are shown only a heading will do, above the body, which begins at the line number `inside`. Headings
    above the path through the site are those of menus.
    """
    near = (*reversed(range(inside)), *reversed(range(inside, len(lines))))
    shown = (at for at in near if is_attribute(lines[at]))
    attributes = next(shown, -1 if ranks is None else inside - 1)
    best, highest = None, _LOWEST
    for at in reversed(range(attributes + 1)):
        if ranks is not None and _PATH.search(lines[at]):
            break
        text, rank = less_attributes(lines[at]), 1 if ranks is None else ranks.get(canonical(lines[at]), _LOWEST)
        if rank < highest and len(text) >= _LEAST_CHARS and is_plain(text):
            best, highest = Line(text, at), rank
    return best


def less_attributes(line: str) -> str:
    """Return a line without the date or the labels that some templates write behind the headline."""
    return line[: min(date_start(line), label_start(line))].strip().rstrip("(（[【 |-—") or line


def is_attribute(line: str) -> bool:
    """Tell whether a line tells time or source of the article."""
    if len(line) > _MOST_CHARS:
        return False
    time = read_time(line)
    return (time is not None and time[0] != FILED) or label_start(line) < len(line)


def is_plain(line: str) -> bool:
    """Tell whether a line may be a headline: no path through the site, no address, no button, no attribute."""
    if len(line) > _MOST_CHARS or is_index_row(line) or _ADDRESS.search(line):
        return False
    return not (_PATH.search(line) or _WIDGET.match(line) or is_attribute(line))


def names_column(title: str, lines: Sequence[str]) -> bool:
    """Tell whether a short title is that of the column, which the path through the site names too."""
    return len(title) <= _MOST_COLUMN_CHARS and any(title in line for line in lines if _PATH.search(line))


def looks_like_site(title: str) -> bool:
    """Tell whether a title names a site, or a kind of page, rather than an article."""
    return len(title) <= 20 and (_SITE.search(title) is not None or names_kind(title))


def names_kind(title: str) -> bool:
    """Tell whether a title names a kind of page, as 新闻详情."""
    return _KIND.fullmatch(title) is not None


def _candidates(lines: Sequence[str]) -> Iterator[tuple[Line, str]]:
    """Yield what may be the headline, and its letters: lines, less the attributes behind, or up to three joined."""
    bares = [_bare(line) if len(line) <= _MOST_CHARS else "" for line in lines]
    for at, text in enumerate(lines):
        if is_index_row(text) or names_a_cell(text):
            yield from ((Line(name, at, in_table=True), _bare(name)) for name in names_of_document([text]))
            continue
        if len(text) > _MOST_CHARS or _PATH.search(text):
            continue
        yield Line(text, at), bares[at]
        if (head := less_attributes(text)) != text and len(head) >= _LEAST_CHARS:
            yield Line(head, at), _bare(head)
        seams: set[str] = set()
        for last in range(at + 1, min(at + _MOST_LINES_JOINED, len(lines))):
            bare, following = bares[last - 1], bares[last]
            text = f"{text} {lines[last]}"
            if len(text) > _MOST_CHARS or not bare or not following:
                break
            seams.add(bare[-1] + following[0])
            yield Line(text, last, frozenset(seams)), _bare(text)


def _begins(hint: str, bare: str) -> bool:
    """Tell whether a hidden title begins with what lines spell, but for one character: where they join, maybe."""
    return len(bare) <= len(hint) and sum(map(ne, bare, hint)) <= 1


def _bare(text: str) -> str:
    return _NOT_WORD.sub("", canonical(text))


def _pairs(bare: str) -> set[str]:
    return {bare[at : at + 2] for at in range(len(bare) - 1)}


def _stem(hint: str) -> str:
    """Return the beginning of a headline that a hidden title cuts off with dots, or an empty string."""
    cut = re.search(r"([^\s_|]{6,})(?:…|\.\.\.)", hint[:300])
    return _bare(cut[1]) if cut else ""

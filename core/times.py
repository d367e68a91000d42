"""Telling the time of publication from the other dates of a line of text: by its label and its place."""

from collections.abc import Sequence
from itertools import pairwise

from core.dates import ShownDate, find_dates, is_only_date, may_be_dated
from core.fold import fold_width
from core.labels import SOURCE, spelled
from core.patterns import lazy_pattern

TOLD, SHOWN, BARE, FILED = range(4)
"""How sure a time is: labelled as that of publication; labelled as a time, or beside the source; alone; labelled as
the day that a document is filed under."""

_END = r"\S{0,2}\s{0,4}[:∶|]?[\s|\[(]{0,3}$"
_TOLD = lazy_pattern(rf"(?:发布|发表|刊发|发稿|刊登|上传|录入|添加)\s{{0,4}}(?:时\s{{0,4}}间|日\s{{0,4}}期|于)?{_END}")
_TOLD_LETTER = lazy_pattern("[发登传录添]")
_SHOWN = lazy_pattern(rf"(?:{spelled('时间 日期 更新')}){_END}")
_WORDS_FILED = "生成 公开 发文 成文 印发 签发 制发"
_FILED = lazy_pattern(rf"(?:{spelled(_WORDS_FILED)})\s{{0,4}}(?:{spelled('日期 时间')}){_END}")
_OTHER = lazy_pattern(
    rf"(?:{spelled(_WORDS_FILED)}|实施|施行|生效|有效|失效|废止|公示|截止|截至|开始|结束|起始|终止|到期|落款|活动|会议|报名|当前|系统|"
    rf"现在|今天|访问|登记|受理|办结|答复|来信|回复)(?:是|至|的)?\s{{0,4}}(?:{spelled('日期 时间')})?{_END}"
)
_COMPACT = lazy_pattern(
    rf"(?:发布|发表)\s?(?:{spelled('日期 时间')})\s{{0,4}}:\s{{0,4}}((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"
)
_PUBLISHER = lazy_pattern(
    r"[^\s:：,，。；、|()（）\[\]【】《》“”\d][^\s:：,，。；、|()（）\[\]【】《》“”]{1,22}?"
    "(?:网|报|社|台|局|厅|部|委|办|府|院|处|会|所|站|客户端|频道|中心|新闻|在线|发布|传媒|融媒体?|杂志|周刊|公众号)"
)
_NO_PUBLISHER = lazy_pattern(
    "首页|浏览|点击|阅读|返回|打印|关闭|评论|登录|注册|收藏|分享|星期|关注|订阅|会议|开会|公告|通知"
)
_SENTENCE = lazy_pattern("[。;！!？?,，、]|[\u4e00-\u9fff]{16}")
_LABEL = lazy_pattern(
    rf"(?:{spelled('作者 记者 编辑 责任编辑 发布人 发布者 浏览 浏览次数 点击 点击数 点击量 阅读 阅读量 访问量')})\s?:"
)
_DAY = lazy_pattern(r"[0-3]?\d日?")
_MONTH = lazy_pattern(r"((?:19|20)\d\d)\s?[-/.年]\s?([01]?\d)月?")
_MOST_LINE_CHARS = 160
_MOST_LEADING_CHARS = 60


def read_time(line: str) -> tuple[int, str] | None:
    """Return how sure (TOLD, SHOWN, BARE, FILED) and which time of publication `line` is there to tell, or None.

    None where the line merely mentions a date: one that counts has a label, stands beside a source, alone, or
    at the head of a short line that is no sentence. The surest of the line wins, then the first.
    """
    if len(line) > _MOST_LINE_CHARS:
        return None
    if not may_be_dated(folded := fold_width(line)):
        return None
    if "发" in folded:
        folded = _COMPACT.sub(r"发布时间:\1-\2-\3", folded)
    found: list[tuple[int, str]] = []
    begin = 0
    for date in find_dates(folded):
        rank = _rank(folded, begin, date)
        if rank is not None:
            found.append((rank, date.iso))
        begin = date.end
    return min(found, key=lambda one: one[0], default=None)


def may_be_told(line: str) -> bool:
    """Tell whether a line may label a time as that of publication (TOLD): by a letter of each such label."""
    return _TOLD_LETTER.search(line) is not None


def _rank(line: str, begin: int, date: ShownDate) -> int | None:
    lead = line[begin : date.start]
    if _FILED.search(lead):
        return FILED
    if _OTHER.search(lead):
        return None
    if _TOLD.search(lead):
        return TOLD
    if _SHOWN.search(lead) or SOURCE.search(line):
        return SHOWN
    if len(line) > _MOST_LEADING_CHARS:
        return None
    # A clock is a template's: people who write of a day do not tell its minute, but where they write a sentence.
    stamped = "T" in date.iso and not _SENTENCE.search(line)
    leads = date.start == 0 and not line.endswith(("。", ".", ";"))
    return BARE if leads or stamped or is_only_date(line) or read_publisher(line) or _LABEL.match(line) else None


def read_publisher(line: str) -> str:
    """Return the name that stands beside a date in a line of just these two, as `湖北日报 2024-03-12 15:35`, or ""."""
    date = next(find_dates(line), None) if len(line) <= _MOST_LEADING_CHARS else None
    if date is None:
        return ""
    name = f"{line[: date.start]} {line[date.end :]}".strip(" |·-—")
    return name if _PUBLISHER.fullmatch(name) and not _NO_PUBLISHER.search(name) else ""


def joined_dates(lines: Sequence[str]) -> list[str]:
    """Return `lines` with a date that a template broke in two, the day above or below year and month, as one."""
    joined = list(lines)
    for at, (one, other) in enumerate(pairwise(lines)):
        for day, month in ((one, other), (other, one)):
            if _DAY.fullmatch(day) and (match := _MONTH.fullmatch(fold_width(month))):
                joined[at : at + 2] = ["", f"{match[1]}-{match[2]}-{day.rstrip('日')}"]
    return joined

"""Judging a capture: is it the page, or a challenge, an error, half a page, another page? With a reason in words."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from core.model import Capture, Quality, QualityKind

OK = Quality(QualityKind.OK)
THIN_CHARS = 200
"""An article shorter than this may still be an error page in the site's frame; a longer one is not."""

_GONE = {404: "Not Found", 410: "Gone"}
_BLOCKED = {401, 403, 405, 407, 412, 418, 429, 451, 521}


@dataclass(frozen=True, slots=True)
class Signal:
    """A pattern that, in a page without an article of some length, tells what the page is instead."""

    kind: QualityKind
    pattern: re.Pattern[str]
    reason: str


CHALLENGES = (
    Signal(
        QualityKind.BLOCKED,
        re.compile(r"document\.cookie\s{0,3}=\s{0,3}\('_'\)\+\('_'\)|__jsl_clearance"),
        "a challenge of 加速乐 (jsl) instead of the page",
    ),
    Signal(
        QualityKind.BLOCKED,
        re.compile(r"\$_ts\s{0,3}=\s{0,3}window\s{0,3}\[\s{0,3}['\"]\$_ts['\"]"),
        "a challenge of 瑞数 (Ruishu) instead of the page",
    ),
    Signal(
        QualityKind.BLOCKED,
        re.compile(r"wzws|WZWS|请开启JavaScript并刷新该页"),
        "a challenge of WZWS instead of the page",
    ),
    Signal(
        QualityKind.BLOCKED,
        re.compile(r"acw_sc__v[23]|aliyun_waf|errors\.aliyun\.com"),
        "a challenge of Aliyun instead of the page",
    ),
    Signal(
        QualityKind.BLOCKED,
        re.compile(r"cf-chl-|/cdn-cgi/challenge-platform|cf_chl_opt|Just a moment\.\.\."),
        "a challenge of Cloudflare instead of the page",
    ),
    Signal(
        QualityKind.BLOCKED,
        re.compile(r"(?:访问|请求)(?:过于频繁|被拦截|被拒绝|异常)|疑似(?:攻击|黑客)|安全验证|滑动验证|网站防火墙"),
        "a notice of a web firewall instead of the page",
    ),
)
"""Looked for in the source of a page, where there is little or nothing to read on it."""

NOTICES = (
    Signal(
        QualityKind.GONE,
        re.compile(
            r"(?:页面|网页|文章|内容|信息|稿件|文件)"
            r"(?:不存在|已(?:被)?删除|已(?:经)?下线|已撤(?:回|稿)|未找到|找不到|丢失)"
            r"|找不到(?:该|您|你|相关)?.{0,10}(?:页面|网页|文件|内容)"
            r"|404\s?(?:Not Found|错误)|Not Found.{0,40}requested URL"
        ),
        "the page says that there is no such page (status 200)",
    ),
    Signal(
        QualityKind.ERROR_PAGE,
        re.compile(
            r"(?:网站|系统|服务器?)(?:正在)?(?:维护|升级|繁忙|暂停服务)"
            r"|服务(?:暂时)?不可用|您访问的页面(?:出错|暂时)|Welcome to nginx|Apache2? .{0,20}Default Page|IIS Windows"
            r"|Internal Server Error|Bad Gateway|Service Unavailable"
        ),
        "an error or maintenance notice instead of the page (status 200)",
    ),
)
"""Looked for in the text of a page that has no article of some length."""


def judge_answer(capture: Capture) -> Quality:
    """Judge status, defect and address of a capture, without looking into its body."""
    status = capture.status
    if capture.defect:
        return Quality(QualityKind.PARTIAL, f"the body is damaged: {capture.defect}")
    if status in _GONE:
        return Quality(QualityKind.GONE, f"status {status} {_GONE[status]}")
    if status in _BLOCKED:
        return Quality(QualityKind.BLOCKED, f"status {status}: the server refused the fetch")
    if not 200 <= status < 300:
        return Quality(QualityKind.ERROR_PAGE, f"status {status}")
    if status == 206:
        return Quality(QualityKind.PARTIAL, "status 206: only a part was sent")
    if not capture.body.strip():
        return Quality(QualityKind.PARTIAL, "the answer is empty")
    return _judge_address(capture.url, capture.final_url)


def judge_source(source: str) -> Quality:
    """Judge the source of a page on which there is little or nothing to read: a challenge or not."""
    return _first(CHALLENGES, source)


def judge_text(text: str) -> Quality:
    """Judge the text of a page that has no article of some length: a notice or not."""
    return _first(NOTICES, text)


def _first(signals: tuple[Signal, ...], text: str) -> Quality:
    return next((Quality(signal.kind, signal.reason) for signal in signals if signal.pattern.search(text)), OK)


def _judge_address(asked: str, answered: str) -> Quality:
    """A redirect to the same page under another scheme, `www.` or spelling of its path is no move."""
    if not answered or _place(asked) == _place(answered):
        return OK
    host, path = _place(answered)
    if re.search(r"(?:^|[/.])(?:login|passport|sso|cas|captcha|waf)\b", f"{host}{path}", re.I):
        return Quality(QualityKind.BLOCKED, f"redirected to a login or check: {answered}")
    if not path:
        return Quality(QualityKind.MOVED, f"redirected to the home page: {answered}")
    return Quality(QualityKind.MOVED, f"redirected to another page: {answered}")


def _place(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "", url
    path = re.sub(r"/(?:index|default)\.\w{2,5}$", "/", unquote(parts.path), flags=re.I)
    return host, path.rstrip("/")

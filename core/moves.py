"""Judging where an answer came from or sends its reader: the page itself, another page, the home page, a login."""

import re
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from core.model import Quality, QualityKind
from core.patterns import lazy_pattern

_CHECK = lazy_pattern(r"(?:^|[/.])(?:login|passport|sso|cas|captcha|waf|verify)(?:$|[/._])", re.I)
_NOT_THERE = lazy_pattern(r"/(?:page)?[_-]?(?:404|not?[_-]?found)\w{0,8}(?:\.\w{2,5})?$", re.I)
_FAILED = lazy_pattern(r"/(?:50\d|err(?:or)?(?:[_-]?page)?|weihu|maintain\w{0,6})(?:\.\w{2,5})?$", re.I)
_INDEX = lazy_pattern(r"/(?:index|default)\.\w{2,5}$", re.I)
_NUMBER = lazy_pattern(r"(?!.*session|sid$)\w*id$|p$", re.I)
"""The name of a parameter that says which article is asked for."""

_MOST_STUB_CHARS = 5000
_TARGET = lazy_pattern(
    r"""http-equiv\s{0,3}=\s{0,3}["']?refresh\b[^>]{0,100}?url\s{0,3}=\s{0,3}["']?(?P<meta>[^"'>\s]{1,500})"""
    r"""|\blocation(?:\.href)?\s{0,3}=\s{0,3}["'](?P<set>[^"'\s]{1,500})["']"""
    r"""|\blocation\.(?:replace|assign)\(\s{0,3}["'](?P<call>[^"'\s]{1,500})["']""",
    re.I,
)
_OK = Quality(QualityKind.OK)


def judge_address(asked: str, answered: str) -> Quality:
    """Judge a redirect. The same page under another scheme, `www.` or spelling of its path is no move."""
    if not answered or answered == asked or _is_same(asked, answered):
        return _OK
    host, path = _place(answered)
    if _CHECK.search(host) or _CHECK.search(path):
        return Quality(QualityKind.BLOCKED, f"redirected to a login or check: {answered}")
    if _NOT_THERE.search(path):
        return Quality(QualityKind.GONE, f"redirected to a page for what is not there: {answered}")
    if _FAILED.search(path):
        return Quality(QualityKind.ERROR_PAGE, f"redirected to an error page: {answered}")
    if not path:
        return Quality(QualityKind.MOVED, f"redirected to the home page: {answered}")
    return Quality(QualityKind.MOVED, f"redirected to another page: {answered}")


def judge_stub(url: str, source: str) -> Quality:
    """Judge a page with nothing to read, which may only send its reader on: elsewhere, or back with a cookie."""
    if len(source) > _MOST_STUB_CHARS:
        return _OK
    if "document.cookie" in source and "location" in source:
        return Quality(QualityKind.BLOCKED, "a script that sets a cookie and loads again, instead of the page")
    match = _TARGET.search(source)
    if match is None or match.lastgroup is None:
        return _OK
    try:
        return judge_address(url, urljoin(url, match[match.lastgroup])) if url else _OK
    except ValueError:
        return _OK


def _is_same(asked: str, answered: str) -> bool:
    return _place(asked) == _place(answered) and _numbers(asked) <= _numbers(answered)


def _place(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "", url
    return host, _INDEX.sub("/", unquote(parts.path)).rstrip("/")


def _numbers(url: str) -> set[tuple[str, str]]:
    query = url.partition("#")[0].partition("?")[2]
    return {(name.lower(), value) for name, value in parse_qsl(query) if _NUMBER.fullmatch(name)}

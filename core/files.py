"""The files that a page offers: links with a file's extension, to a download, or named as an attachment."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from core.blocks import element_line
from core.model import Attachment
from core.normalize import clean_line
from core.patterns import lazy_pattern

_KINDS = r"\.(?:pdf|docx?|docm|wps|wpt|xlsx?|xlsm|et|pptx?|dps|ofd|ceb|zip|rar|7z|tar|gz|csv|txt|rtf|mp3|mp4)"
_FILE = lazy_pattern(rf"{_KINDS}(?:$|[?#&;])", re.I)
_NAMED_FILE = lazy_pattern(rf"{_KINDS}\s*(?:[(（\[][^)）\]]*[)）\]])?$", re.I)
_DOWNLOAD = lazy_pattern(
    r"DownloadAttach|/_content/download\.jsp|downfile\.jsp|/downloadFile|/download(?:\.\w+)?\?|attach(?:ment)?/down(?:load|file)",
    re.I,
)
_ATTACHMENT = lazy_pattern(r"\s*[\[【(（]?附\s?[件表图录](?:\s?[一二三四五六七八九十\d]{1,3})?\s?[\]】)）:：、.．\s《]")
_NO_FILE = lazy_pattern(r"^(?:#|javascript:|mailto:|tel:|data:|$)", re.I)
_PAGE = lazy_pattern(r"^[^.]*(?:$|[?#])|\.(?:s?html?|jspx?|aspx?|php|cgi|do|com|cn|net)(?:$|[?#;])", re.I)
_BOX = lazy_pattern(r"fu_?jian|attach|append|annex|(?:^|[^a-z])fj|wjxz|wjfj|enclosure", re.I)
_FRAME = lazy_pattern(r"nav|foot|header|menu|aside|slide|swiper|banner|float|app-?down", re.I)
_HEADING = lazy_pattern(r"附\s?件|文件下载|相关下载|下载文件|附表")
_MOST_LEVELS = 5
_MOST_NAME_CHARS = 200


def file_links(
    regions: Sequence[etree._Element], base: str, boxes: Sequence[etree._Element] = ()
) -> tuple[Attachment, ...]:
    """Return the files that `regions` link to, in order, each address once, under the first name that it has.

    `boxes` are those of the regions that hold nothing but attachments: any link in them counts.
    """
    found: dict[str, Attachment] = {}
    for region in regions:
        for name, url in _links(region, base, region in boxes):
            if url not in found or not found[url].name:
                found[url] = Attachment(name, url)
    return tuple(file if file.name else Attachment(_last_part(file.url), file.url) for file in found.values())


def attached_regions(root: etree._Element, regions: Sequence[etree._Element]) -> Iterator[etree._Element]:
    """Yield the links to files outside `regions` that the page offers as attachments of the article.

    They are named 附件, or stand in a box of that name, or below a heading 附件; what a menu or a footer offers
    to every page does not count. In a box of that name whatever is no page is a file, as `1.png`.
    """
    inside = set(regions)
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()
        known = (
            _FILE.search(href)
            or _is_download(href)
            or _NAMED_FILE.search((link.text or "")[-_MOST_NAME_CHARS:].strip())
        )
        if not known and (_NO_FILE.match(href) or _PAGE.search(href.rsplit("/", 1)[-1])):
            continue
        above = list(islice(link.iterancestors(), _MOST_LEVELS * 3))
        if inside.isdisjoint(above) and not any(_FRAME.search(_names(element)) for element in above):
            boxes = [link, *above[:_MOST_LEVELS]]
            if any(_BOX.search(_names(box)) for box in boxes) or (known and any(map(_is_headed, boxes[:4]))):
                yield link


def _is_download(href: str) -> bool:
    # Every pattern has the word; looking for it alone takes a tenth of the time, for each link of a page.
    return "down" in href.lower() and _DOWNLOAD.search(href) is not None


def _names(element: etree._Element) -> str:
    return f"{element.tag} {element.get('class') or ''} {element.get('id') or ''}"


def _is_headed(element: etree._Element) -> bool:
    return _HEADING.search("".join(map(str, islice(element.itertext(), 6)))[:60]) is not None


def _links(region: etree._Element, base: str, is_box: bool) -> Iterator[tuple[str, str]]:
    for link in region.iter("a"):
        href = (link.get("href") or "").strip()
        if _NO_FILE.match(href):
            continue
        name = element_line(link) or clean_line(link.get("title") or "")
        known = _FILE.search(href) or _is_download(href) or _NAMED_FILE.search(name[-_MOST_NAME_CHARS:])
        if is_box or known or _is_attached(name, href):
            yield name, _absolute(base, href)


def _is_attached(name: str, href: str) -> bool:
    """Tell whether a link is named 附件1：... and leads to something that is no page."""
    return _ATTACHMENT.match(name) is not None and _PAGE.search(href.rsplit("/", 1)[-1]) is None


def _absolute(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def _last_part(url: str) -> str:
    return url.rsplit("/", 1)[-1]

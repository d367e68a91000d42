"""Telling what an article shows that has no text: the names of its pictures, videos and embedded files."""

import re
from collections.abc import Iterator

from lxml import etree

_MEDIA = ("img", "embed", "iframe", "object", "video", "source", "audio")
_MOST_CHARS = 4000
_PLACES = ("flashvars", "src", "data", "data-src", "_src", "href")
_FILE_NAME = re.compile(
    r"[^/\\?&=#\s\"']{1,200}\.(?:pdf|ofd|docx?|wps|swf|jpe?g|png|gif|webp|bmp|tiff?|mp4|m3u8|mp3|flv)\b", re.I
)


def media_names(region: etree._Element) -> tuple[str, ...]:
    """Return the file names of what `region` embeds, in order, each once; none where it embeds no file.

    An edit of such an article is another file, which most systems give another name.
    """
    return tuple(dict.fromkeys(name for given in _addresses(region) for name in _FILE_NAME.findall(given)[:1]))


def _addresses(region: etree._Element) -> Iterator[str]:
    for element in region.iter(*_MEDIA):
        yield next((given for place in _PLACES if (given := element.get(place))), "")[:_MOST_CHARS]
    for script in region.iter("script"):
        yield (script.text or "")[:_MOST_CHARS]

"""Bytes to text: byte order mark, strict UTF-8, the label, GB18030, and last a decoding that says it lost something."""

import re
from dataclasses import dataclass

from core.model import Headers

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LABELS = {
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "unicode": "utf-16-le",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
_ONE_BYTE = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "windows-1252": "cp1252",
    "windows-1251": "cp1251",
    "koi8-r": "koi8_r",
}
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_\-]{1,30})""", re.I)
_HEADER = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_\-]{1,30})", re.I)
_META_WITHIN = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a body, the codec that gave it, and how many characters could not be read (U+FFFD each)."""

    text: str
    charset: str
    lost: int = 0


def decode(body: bytes, headers: Headers = ()) -> Decoded:
    """Return `body` as text. Never raises.

    Labels lie: 13 of 24 combinations of header, meta and real encoding go wrong when trusted, so strict UTF-8
    comes first (other text is practically never valid UTF-8), and a one-byte label, which can never fail,
    only after GB18030.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _strictly(body[len(mark) :], codec) or _replacing(body[len(mark) :], (codec,))
    labels = _labels(body, headers)
    named = [_LABELS[label] for label in labels if label in _LABELS]
    order = dict.fromkeys(("utf-8", *named, "gb18030", *(_ONE_BYTE[label] for label in labels if label in _ONE_BYTE)))
    for codec in order:
        if decoded := _strictly(body, codec):
            return decoded
    return _replacing(body, tuple(order))


def _labels(body: bytes, headers: Headers) -> list[str]:
    served = " ".join(value for name, value in headers if name.lower() == "content-type")
    found = _HEADER.findall(served) + [match.decode("ascii") for match in _META.findall(body[:_META_WITHIN])]
    return [label.lower() for label in found]


def _strictly(body: bytes, codec: str) -> Decoded | None:
    try:
        return Decoded(body.decode(codec), codec)
    except UnicodeDecodeError:
        return None


def _replacing(body: bytes, codecs: tuple[str, ...]) -> Decoded:
    texts = [(body.decode(codec, "replace"), codec) for codec in codecs]
    lost, codec, text = min(((text.count("\ufffd"), codec, text) for text, codec in texts), key=lambda found: found[0])
    return Decoded(text, codec, lost)

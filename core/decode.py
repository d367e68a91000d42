"""Bytes to text: byte order mark, strict UTF-8, then the reading of all likely ones that looks most like Chinese."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from core.model import Headers

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UTF8_MARK = b"\xef\xbb\xbf"
_NAMES = {
    "gb18030": "gb2312 gb_2312 gb2312-80 gb_2312-80 csgb2312 csiso58gb231280 iso-ir-58 chinese euc-cn x-euc-cn "
    "gbk x-gbk cp936 ms936 windows-936 gb18030 gb18030-2000 gb18030-2005 gb18030-2022",
    "big5hkscs": "big5 big-5 cn-big5 csbig5 x-big5 x-x-big5 big5-hkscs big5hkscs cp950 windows-950",
    "utf-16-le": "utf-16 utf16 utf-16le ucs-2 unicode iso-10646-ucs-2",
    "utf-16-be": "utf-16be unicodefffe",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j",
    "euc_jp": "euc-jp x-euc-jp",
    "cp949": "euc-kr ks_c_5601-1987 windows-949",
    "cp1251": "windows-1251",
    "koi8_r": "koi8-r",
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 us-ascii ascii windows-1252",
}
_CODECS = {label: codec for codec, labels in _NAMES.items() for label in labels.split()}
_BY_DEFAULT = "cp1252"
"""What servers name when nobody told them: no proof of anything, and it can read any bytes."""

_NAME = r"""\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_\-]{1,30})"""
_IN_HEADER = re.compile(rf"charset{_NAME}", re.I)
_IN_BODY = re.compile(rb"<(?:meta[^>]{0,300}?charset|\?xml[^>]{0,100}?encoding)" + _NAME.encode(), re.I)
_LEAST_PLAUSIBLE = 0.5
_BEYOND_DOUBT = 0.95
"""Of 45,000 samples of 20 to 100 characters read in the wrong one of GB18030 and Big5 none came above 0.9."""

_LABEL_WITHIN = 4096
_ZEROS_WITHIN = 4096
_WIDE = re.compile("[^\0-\x7f]{1,50}")
_SAMPLED_RUNS = 300
_FOUR_HIGH_BYTES = re.compile(rb"[\x80-\xff]{4}")


class Decoded(Struct, frozen=True):
    """The text of a body, the codec that gave it, and how many characters could not be read (U+FFFD each).

    `octets` are the text in UTF-8, where it was served so.
    """

    text: str
    charset: str
    lost: int = 0
    octets: bytes = b""


def decode(body: bytes, headers: Headers = ()) -> Decoded:
    """Return `body` as text. Never raises.

    Labels lie: 13 of 24 combinations of header, meta and real encoding go wrong when trusted. So strict UTF-8
    comes first (other text is practically never valid UTF-8); then of the labels, GB18030, Big5 and UTF-8 with
    a few broken bytes the most plausible reading, the label's where two are alike; and Western letters, which
    read any bytes, where nothing else fits.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _read(body[len(mark) :], codec)
    if codec := _utf16_by_zeros(body):
        return _read(body, codec)
    body = body.removeprefix(_UTF8_MARK)
    with suppress(UnicodeDecodeError):
        return Decoded(body.decode("utf-8"), "utf-8", octets=body)
    labelled = dict.fromkeys(_labelled(body, headers))
    told_by_default = labelled.pop(_BY_DEFAULT, False) is None
    several_wide = _FOUR_HIGH_BYTES.search(body)
    chinese = (*labelled, "gb18030", "big5hkscs") if several_wide or not told_by_default else ()
    best, plausibility = _most_plausible(body, dict.fromkeys((*chinese, "utf-8")))
    latin = told_by_default or (best.lost and not several_wide)
    return _read(body, _BY_DEFAULT) if latin and plausibility < _LEAST_PLAUSIBLE else best


def _labelled(body: bytes, headers: Headers) -> Iterator[str]:
    """Yield the codecs that are named, by weight: in the header, in the XML declaration, in the meta tags."""
    served = [value for name, value in headers if name.lower() == "content-type"]
    for label in _IN_HEADER.findall(" ".join(served)):
        if codec := _CODECS.get(label.lower()):
            yield codec
    for label in _IN_BODY.findall(body[:_LABEL_WITHIN]):
        codec = _CODECS.get(label.decode("ascii").lower(), "")
        # What names UTF-16 in letters of one byte is not in UTF-16.
        if codec and not codec.startswith("utf-16"):
            yield codec


def _read(body: bytes, codec: str) -> Decoded:
    try:
        return Decoded(body.decode(codec), codec)
    except UnicodeDecodeError:
        text = body.decode(codec, "replace")
        return Decoded(text, codec, text.count("\ufffd"))


def _utf16_by_zeros(body: bytes) -> str:
    """Tell UTF-16 without a mark by its ASCII: a tenth of the bytes on one side is zero, on the other not half that.

    一 and the ideographic space have a zero on the other side.
    """
    head = body[:_ZEROS_WITHIN]
    if b"\0" not in head:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 <= len(head) or min(even, odd) * 2 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _most_plausible(body: bytes, codecs: Iterable[str]) -> tuple[Decoded, float]:
    """Return the most plausible reading, the first of equals, and its plausibility; no doubt ends the search."""
    best, most = Decoded("", ""), -2.0
    for codec in codecs:
        found = _read(body, codec)
        if (plausibility := _plausibility(found)) > most:
            best, most = found, plausibility
        if most >= _BEYOND_DOUBT:
            break
    return best, most


def _plausibility(found: Decoded) -> float:
    """Return how much of what is not ASCII was read right, less what was lost: at most 1.

    In the encodings whose wrong readings are seldom invalid that is the share of common characters. Measured
    on the text of 44 pages in both scripts, in GB18030 and Big5: of 4,000 samples of ten characters none is
    mistaken for the other encoding, of 4,000 of two one is.
    """
    wide = "".join(islice((run[0] for run in _WIDE.finditer(found.text)), _SAMPLED_RUNS))
    lost = wide.count("\ufffd") if found.lost else 0
    if found.charset in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be"):
        right = sum(map(_common_characters().__contains__, wide))
    else:
        right = len(wide) - lost
    return (right - lost) / max(1, len(wide))


@lru_cache(maxsize=1)
def _common_characters() -> frozenset[str]:
    """Return the level of common characters of GB 2312 and of Big5, and their punctuation: 7,198 in all."""
    simplified = bytes(
        octet
        for lead in (0xA1, 0xA2, 0xA3, *range(0xB0, 0xD8))
        for trail in range(0xA1, 0xFF)
        for octet in (lead, trail)
    )
    traditional = bytes(
        octet
        for lead in (0xA1, 0xA2, *range(0xA4, 0xC7))
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        for octet in (lead, trail)
    )
    return frozenset(simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore"))

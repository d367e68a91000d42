"""Knowing a capture again though noise moved: by a stencil, a capture with holes where nothing stands that is read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b, sha256
from typing import Literal

from lxml import etree

from core.blocks import parse_html
from core.extract import HIDDEN_TITLES
from core.fold import fold_width
from core.model import Capture, QualityKind, Reading
from core.profile import is_reader
from core.quality import is_thin
from core.read import PageReader, deciding_headers

MOST_BODY_BYTES = 200_000
MOST_HOLES = 32
MOST_HOLE_BYTES = 64

HoleKind = Literal["digits", "hex", "HEX"]
_SIGNS: dict[HoleKind, bytes] = {
    "digits": b"0123456789",
    "hex": b"0123456789abcdef",
    "HEX": b"0123456789ABCDEF",
}
_KINDS: dict[HoleKind, re.Pattern[bytes]] = {
    "digits": re.compile(rb"[0-9]+"),
    "hex": re.compile(rb"[0-9a-f]{8,}"),
    "HEX": re.compile(rb"[0-9A-F]{8,}"),
}
"""Always of one length, so that a hole moves nothing; a shorter run of hexadecimal digits may be a word, as `face`."""
_DIFFERENCE = re.compile(rb"[^\0]+")
_RUN = re.compile(rb"[0-9A-Za-z_]+")
_RUN_BEFORE = re.compile(rb"[0-9A-Za-z_]+\Z")
_MOST_LEAD_BYTES = 60
_NUMBER = re.compile("[0-9]+")
_SIGN = re.compile("[0-9]")
_CHARSETS = ("utf-8", "gb18030", "big5hkscs")
_BOUND = re.compile(rb"(?:[<&#%\\]|&#?[0-9A-Za-z]{0,40}|(?:charset|encoding)[^<>]{0,40})\Z", re.I)
"""Behind these a run is a part of a tag, a reference, an escape, or the name of an encoding."""

_TOKEN = re.compile(r"[\w.-]*(?:csrf|token|nonce)[\w.-]*", re.I)
_EMBEDDING = {"script": "src", "link": "href", "img": "src"}
_CODE = ("script", "style")
_INLINE = ("span", "b", "em", "font", "i", "strong")
_COUNTED = re.compile(
    r"(?:浏览|点击|阅读|访问)(?:了|过)?(?:总?次数|人数|人次|总?量|数|率)?\s{0,9}[:：]?\s{0,9}[\[(（【]?\s{0,9}\Z"
)
_NUMBERED = re.compile(r"\d\d|浏览|点击|阅读|访问")
_COUNT_ENDS = re.compile(r"\s*(?:[人次位\])）】|]|\Z)")
_MOMENTS: tuple[dict[int, bytes], ...] = (
    {
        1: b"5",
        2: b"05",
        3: b"404",
        4: b"2024",
        6: b"202405",
        8: b"20240505",
        12: b"202405050505",
        14: b"20240505050505",
    },
    {
        1: b"1",
        2: b"12",
        3: b"500",
        4: b"1999",
        6: b"101500",
        8: b"19991231",
        12: b"199912312359",
        14: b"19991231235959",
    },
    {1: b"9", 2: b"20", 3: b"403", 4: b"0501", 6: b"235959", 10: b"1714557600", 13: b"1714557600000"},
)
"""By their length, digits that mean something: parts of a date and a clock, a status, a moment in seconds."""
_MOST_TOLD = 1
_MIXED_TRIALS = 2


@dataclass(frozen=True, slots=True)
class Hole:
    """From where to where a hole is in a body, in bytes, and what may stand there."""

    start: int
    end: int
    kind: HoleKind


@dataclass(frozen=True, slots=True)
class Stencil:
    """A capture with holes: its length, the holes in order, and a digest of all the rest that a reading depends on."""

    body_bytes: int
    holes: tuple[Hole, ...]
    digest: bytes

    def fits(self, capture: Capture) -> bool:
        """Tell whether a capture is the same but for the holes, and holds there what may stand there."""
        body = capture.body
        return (
            len(body) == self.body_bytes
            and all(_KINDS[hole.kind].fullmatch(body, hole.start, hole.end) for hole in self.holes)
            and _digest(sha256(_blanked(body, self.holes)).digest(), _about(capture), self.holes) == self.digest
        )


def whole(capture: Capture, body_bytes: int, body_sha256: bytes) -> Stencil:
    """Return the stencil without holes that only the same capture fits; its body is given by length and hash."""
    return Stencil(body_bytes, (), _digest(body_sha256, _about(capture), ()))


def learn(
    before: bytes, capture: Capture, reader: PageReader, reading: Reading, known: Sequence[Hole] = ()
) -> Stencil | None:
    """Return a stencil for what differs between `capture` and the body `before`, or None where there is none.

    `reading` is that of the capture. What differs, and the holes that are `known` of it, is widened to whole runs. They
    are holes only if they stand where nothing is read: in scripts, comments, tokens, and behind the label of a counter;
    and if the capture is then read the same whatever stands there: zeros, nines, parts of dates, statuses, numbers of
    the rules and of the article, and others by chance. All are tried at once, since with one less it would fit nothing.
    That takes eight readings.
    """
    body = capture.body
    if not _may_have_holes(capture, reading):
        return None
    holes = _holes(before, body, known)
    if not holes or not all(_is_free(body, hole, reading.charset) for hole in holes):
        return None
    trials = list(_trials(body, holes, _told(reader, reading)))
    if not _is_unread(trials[0], trials[1], reading.charset, _is_found_by_markup(reader, reading)):
        return None
    if any(reader.read(replace(capture, body=trial)) != reading for trial in trials):
        return None
    return Stencil(len(body), holes, _digest(sha256(_blanked(body, holes)).digest(), _about(capture), holes))


def _may_have_holes(capture: Capture, reading: Reading) -> bool:
    """Tell whether a page is one that its text alone decides: a thin one is judged by its source as well."""
    return (
        capture.media == "html"
        and len(capture.body) <= MOST_BODY_BYTES
        and reading.quality.kind is QualityKind.OK
        and reading.text is not None
        and reading.charset in _CHARSETS
        and not is_thin(reading.text.body or ())
    )


def _holes(before: bytes, body: bytes, known: Sequence[Hole]) -> tuple[Hole, ...]:
    """Return the runs that differ, and those that are known; none where something else differs, or too much."""
    if len(before) != len(body):
        return ()
    differing = (int.from_bytes(before) ^ int.from_bytes(body)).to_bytes(len(body))
    starts = [match.start() for match in _DIFFERENCE.finditer(differing)]
    if len(starts) > MOST_HOLES * MOST_HOLE_BYTES:
        return ()
    runs = {_run_at(body, start) for start in (*starts, *(hole.start for hole in known))}
    kinds = {run: _kind(before[slice(*run)], body[slice(*run)]) for run in runs}
    holes = tuple(Hole(*run, kind) for run, kind in sorted(kinds.items()) if kind)
    is_all = len(holes) == len(runs) and _blanked(before, holes) == _blanked(body, holes)
    return holes if is_all and len(holes) <= MOST_HOLES else ()


def _run_at(body: bytes, at: int) -> tuple[int, int]:
    """Return from where to where the run of letters and digits goes that a byte is in; nothing where it is too long."""
    lead = _RUN_BEFORE.search(body[max(0, at - MOST_HOLE_BYTES) : at])
    run = _RUN.match(body, at, at + MOST_HOLE_BYTES + 1)
    start, end = at - len(lead[0] if lead else b""), run.end() if run else at
    return (start, end) if end - start <= MOST_HOLE_BYTES else (at, at)


def _kind(one: bytes, other: bytes) -> HoleKind | None:
    return next((kind for kind, form in _KINDS.items() if form.fullmatch(one) and form.fullmatch(other)), None)


def _is_free(body: bytes, hole: Hole, charset: str) -> bool:
    """Tell whether a hole holds whole characters, and no part of a tag or a reference, nor the name of an encoding.

    In GB18030 and Big5 letters and digits are halves of other characters, too.
    """
    try:
        body[: hole.start].decode(charset)
    except UnicodeDecodeError:
        return False
    return _BOUND.search(body, max(0, hole.start - _MOST_LEAD_BYTES), hole.start) is None


def _is_found_by_markup(reader: PageReader, reading: Reading) -> bool:
    """Tell whether title and body were found by XPaths alone, and no displayed line was held beside another one."""
    profile = next(profile for profile in reader.profiles if profile.name == reading.profile)
    chosen = {given.field: given.selector for given in reading.evidence}
    for name in ("title", "body"):
        candidates = profile.candidates(name)
        tried = candidates[: candidates.index(chosen[name]) + 1] if chosen.get(name) in candidates else ()
        if not tried or any(map(is_reader, tried)):
            return False
    return True


def _is_unread(one: bytes, other: bytes, charset: str, is_found_by_markup: bool) -> bool:
    """Tell whether two bodies give one tree but for what no field and no quality of a page with a long text reads.

    A headline is found by what lines share with hidden titles: one that holds a number, or the words of a counter,
    could be like the line of a counter.
    """
    roots = [parse_html(body.decode(charset, "replace")) for body in (one, other)]
    trees = [list(root.iter()) if root is not None else [] for root in roots]
    may_count = is_found_by_markup or not any(map(_is_numbered, trees[0]))
    return len(trees[0]) == len(trees[1]) and all(map(partial(_are_alike, may_count=may_count), *trees))


def _is_numbered(element: etree._Element) -> bool:
    """Tell whether an element is a hidden title with a number or the words of a counter in it."""
    is_title = (element.get("name") or element.get("property") or "").lower() in HIDDEN_TITLES
    hint = element.text if element.tag == "title" else element.get("content") if is_title else ""
    return _NUMBERED.search(fold_width(hint or "")) is not None


def _are_alike(one: etree._Element, other: etree._Element, may_count: bool) -> bool:
    tag, above = str(one.tag), one.getparent()
    if one.tag != other.tag or one.keys() != other.keys():
        return False
    if not all(value == other.get(name) or _is_token(one, other, str(name)) for name, value in one.items()):
        return False
    before = one.getprevious()
    lead = (above.text if before is None else before.tail) if above is not None and tag in _INLINE else ""
    if tag == "title" or not may_count:
        return (one.text == other.text or tag in _CODE) and one.tail == other.tail
    return (
        one.text == other.text
        or tag in _CODE
        or _is_counter(lead or "", one.text or "", other.text or "", (one.tail or "") if tag in _INLINE else "")
    ) and (one.tail == other.tail or _is_counter(one.text or "", one.tail or "", other.tail or "", ""))


def _is_token(one: etree._Element, other: etree._Element, name: str) -> bool:
    """Tell whether what differs in an attribute is a token: in a meta element, a form, a query of what is embedded."""
    if one.tag == "meta":
        return name == "content" and _TOKEN.fullmatch(one.get("name") or "") is not None
    here, there = ((element.get(name) or "").partition("?")[0] for element in (one, other))
    return (one.tag, name) == ("input", "value") or (_EMBEDDING.get(str(one.tag)) == name and here == there)


def _is_counter(lead: str, one: str, other: str, behind: str) -> bool:
    """Tell whether two texts differ in counters of visits alone, each behind its label; `lead` and `behind` adjoin."""
    return _SIGN.sub("0", one) == _SIGN.sub("0", other) and all(
        _COUNTED.search(lead + one[: run.start()]) and _COUNT_ENDS.match(one[run.end() :] + behind)
        for run in _NUMBER.finditer(one)
        if run[0] != other[run.start() : run.end()]
    )


def _told(reader: PageReader, reading: Reading) -> dict[int, list[bytes]]:
    """Return the numbers, by their length, that the article and the rules name: what says the same may matter."""
    text = reading.text
    named = (text and (text.title, text.published, text.source, text.editor), reader.profiles, reader.rules, text)
    found: dict[int, list[bytes]] = {}
    for number in dict.fromkeys(_NUMBER.findall(repr(named))):
        found.setdefault(len(number), []).append(number.encode())
    return found


def _trials(body: bytes, holes: Sequence[Hole], told: dict[int, list[bytes]]) -> Iterator[bytes]:
    """Yield the body with other contents in its holes; the same ones for the same body."""
    seed = sha256(body).digest()

    def chance(hole: Hole, trial: int) -> bytes:
        signs, size = _SIGNS[hole.kind], hole.end - hole.start
        octets = blake2b(b"%d %d" % (hole.start, trial), key=seed).digest()
        return bytes(signs[octet % len(signs)] for octet in octets[:size])

    def meaning(hole: Hole, trial: int) -> bytes:
        size = hole.end - hole.start
        known = [*(moment[size] for moment in _MOMENTS if size in moment), *told.get(size, ())[:_MOST_TOLD]]
        return known[trial % len(known)] if known and hole.kind == "digits" else chance(hole, trial)

    def mixed(hole: Hole, trial: int) -> bytes:
        draw = blake2b(b"%d %d" % (trial, hole.start), key=seed).digest()[0]
        return (body[hole.start : hole.end], meaning(hole, draw), chance(hole, trial), chance(hole, trial))[draw % 4]

    for place in (0, -1):
        yield _filled(body, [(hole, _SIGNS[hole.kind][place:][:1] * (hole.end - hole.start)) for hole in holes])
    for content, trials in ((meaning, len(_MOMENTS) + _MOST_TOLD), (mixed, _MIXED_TRIALS)):
        for trial in range(trials):
            yield _filled(body, [(hole, content(hole, trial)) for hole in holes])


def _filled(body: bytes, contents: Sequence[tuple[Hole, bytes]]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for hole, content in contents:
        parts += (body[at : hole.start], content)
        at = hole.end
    return b"".join((*parts, body[at:]))


def _blanked(body: bytes, holes: Sequence[Hole]) -> bytes:
    return _filled(body, [(hole, b"\0") for hole in holes])


def _digest(body_sha256: bytes, about: Sequence[object], holes: Sequence[Hole]) -> bytes:
    return sha256(body_sha256 + repr((about, holes)).encode("utf-8", "backslashreplace")).digest()


def _about(capture: Capture) -> tuple[object, ...]:
    """Return all that a reading depends on besides the body."""
    addresses = capture.url, capture.final_url
    return (*addresses, capture.status, capture.media, capture.defect, deciding_headers(capture.headers))

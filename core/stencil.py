"""Knowing a capture again though noise moved: by a stencil, a capture with holes where nothing stands that is read."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Literal, NamedTuple

from core.model import Capture
from core.read import deciding_headers

MOST_BODY_BYTES = 200_000
Span = tuple[int, int]
"""From where to where something stands in a body, in bytes; or the least and the most that may stand there."""
HoleKind = Literal["digits", "hex", "HEX"]
SIGNS: dict[HoleKind, bytes] = {"digits": b"0123456789", "hex": b"0123456789abcdef", "HEX": b"0123456789ABCDEF"}
SIZES: dict[HoleKind, Span] = {"digits": (1, 20), "hex": (8, 64), "HEX": (8, 64)}
"""How much may stand in a hole; a shorter run of hexadecimal digits may be a word, as `face`."""
KINDS = {kind: re.compile(rb"[%b]{%d,%d}" % (SIGNS[kind], *SIZES[kind])) for kind in SIGNS}


class Hole(NamedTuple):
    """Where a hole is, in bytes behind the hole before it or the start of the body, and what may stand there."""

    gap: int
    kind: HoleKind


class Stencil(NamedTuple):
    """A capture with holes, in order, and a digest of all the rest that a reading depends on."""

    holes: tuple[Hole, ...]
    digest: bytes

    def fits(self, capture: Capture) -> bool:
        """Tell whether a capture is the same but for the holes, and holds there what may stand there.

        A hole is as long as what may stand there. What is longer, or a part of a word, leaves another rest behind it.
        """
        if not self.holes:
            return self == whole(capture, capture.body_sha256)
        if len(capture.body) > MOST_BODY_BYTES:
            return False
        found = spans(capture.body, self.holes)
        return found is not None and cut(capture, self.holes, found).digest == self.digest


def cut(capture: Capture, holes: tuple[Hole, ...], found: Iterable[Span]) -> Stencil:
    """Return the stencil of a capture whose holes were found at such places."""
    rest, at = sha256(), 0
    view = memoryview(capture.body)
    for start, end in found:
        rest.update(view[at:start])
        at = end
    rest.update(view[at:])
    return Stencil(holes, _digest(rest.digest(), capture, holes))


def whole(capture: Capture, body_sha256: bytes) -> Stencil:
    """Return the stencil without holes that only the same capture fits; its body is given by its hash."""
    return Stencil((), _digest(body_sha256, capture, ()))


def spans(body: bytes, holes: Iterable[Hole]) -> list[Span] | None:
    """Return where in a body the holes are; None where something else stands in one of them."""
    found, at = list[Span](), 0
    for gap, kind in holes:
        filled = KINDS[kind].match(body, at + gap)
        if filled is None:
            return None
        found.append(filled.span())
        at = filled.end()
    return found


def _digest(rest_sha256: bytes, capture: Capture, holes: tuple[Hole, ...]) -> bytes:
    bound = repr((rest_sha256, _about(capture), *map(tuple, holes)))
    return sha256(bound.encode("utf-8", "backslashreplace")).digest()


def _about(capture: Capture) -> tuple[object, ...]:
    """Return all that a reading depends on besides the body."""
    addresses = capture.url, capture.final_url
    return (*addresses, capture.status, capture.media, capture.defect, deciding_headers(capture.headers))

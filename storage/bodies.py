"""Packing and writing captures: each distinct body once, as what differs from a keyframe where that is small."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from core.errors import StorageError
from core.model import Capture
from storage.columns import capture_columns, to_octets
from storage.pack import Packed, pack, pack_alike, pack_text, pack_text_alike, unpack_chain
from storage.replaying import Replaying
from storage.rows import Bases, PackedBody

_WORTH = 4
"""A body is kept as a difference while that takes at most a quarter of a keyframe; else it is the next keyframe.

The first of a page is packed against the first of its host, which has the same frame, where that saves half.
"""
_WORTH_OF_HOST = 2
_MOST_NEEDED = 5
"""No body needs more than so many others to be read, so none is slow to read: mostly two, one more after an edit."""
_SMALL_BYTES, _SMALL_PART = 200, 200
"""A difference of 200 bytes, or of a 200th of a large body, cannot be made much smaller by another base."""
_WORTH_OF_HEADERS = 2
_MOST_FRAME_BYTES = 1024 * 1024
"""So much of the frames of hosts is at hand, since the pages of several hosts come in turns."""


class _AtHand(Struct, frozen=True):
    packed: bytes
    raw: bytes


class Bodies(Replaying):
    """The part of a transaction that writes captures, and packs their bodies, also for another process that writes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._frames: dict[bytes, _AtHand] = {}

    def body_of(self, digest: bytes) -> int | None:
        """Return the number of the body with such a SHA-256, None where it is not kept."""
        rows = self._rows("select id from body where sha256 = ?", digest)
        return int(rows[0]["id"]) if rows else None

    def packed_body(self, page: int, capture: Capture) -> PackedBody | None:
        """Return the body of a capture as it would be kept; None where nothing of the page or its host is kept yet.

        It is for `put_packed_body`, which tells whether what it is packed against is still kept.
        """
        sql = """select capture.body, body.sha256, host.frame from page join host on host.name = page.host
            left join capture on capture.id = page.head_capture left join body on body.id = capture.body
            where page.id = ?"""
        head, digest, of_host = next(iter(self._rows(sql, page)), (None, None, None))
        size = len(capture.body)
        if digest == capture.body_sha256:
            return PackedBody(digest, b"", size)
        if not head and not of_host:
            return None
        base, packed = self._packed(capture.body, head, of_host)
        return PackedBody(base.sha256 if base else None, packed, size)

    def put_packed_body(self, digest: bytes, body: PackedBody) -> bool:
        """Keep a body with such a SHA-256, if it is not kept; tell whether it is, False where its base is not."""
        if self.body_of(digest) is not None:
            return True
        base = self.body_of(body.base) if body.base else None
        if body.base and base is None:
            return False
        self._insert_body(digest, body.size, base, body.packed)
        return True

    def with_body(self, capture: Capture) -> Capture:
        """Return a capture with its body, which it may lack and is kept then. Raises StorageError where it is not."""
        if not capture.lacks_body:
            return capture
        body = self.body_of(capture.body_sha256)
        if body is None:
            raise self._no_body(capture)
        return replace(capture, body=unpack_chain(self._chain(body)))

    def _put_capture(self, page: int, capture: Capture, bases: Bases) -> tuple[int, bool]:
        """Keep a capture; return its number, and whether its headers are whole, unlike those of its host."""
        body = self._put_body(capture, bases)
        base, headers = packed_headers(to_octets(capture.headers), bases.frame, bases.frame_headers)
        columns = {"page": page, "body": body, "base": base, "headers": headers}
        return self._insert("capture", columns | capture_columns(capture, bases.url)), base is None

    def _put_body(self, capture: Capture, bases: Bases) -> int:
        known = self.body_of(capture.body_sha256)
        if known is not None:
            return known
        if capture.lacks_body:
            raise self._no_body(capture)
        base, packed = self._packed(capture.body, bases.head, bases.host)
        return self._insert_body(capture.body_sha256, len(capture.body), base.body if base else None, packed)

    def _insert_body(self, digest: bytes, size: int, base: int | None, packed: bytes) -> int:
        return self._insert("body", {"sha256": digest, "bytes": size, "base": base, "packed": packed})

    def _no_body(self, capture: Capture) -> StorageError:
        return StorageError(f"database {self._path}: there is no body {capture.body_sha256.hex()} of {capture.url}")

    def _packed(self, raw: bytes, head: int | None, of_host: int | None) -> tuple[Packed | None, bytes]:
        """Return the body that `raw` is packed against, None where it is a keyframe, and the packed bytes.

        That is what the body of the page's head is packed against, or `head` itself where that is better, as after an
        edit; without a head, the frame of the host. A bad capture is never a base for another.
        """
        first = head or of_host
        chain = self._chain(first) if first else []
        best: tuple[Packed, bytes] | None = None
        for base in _bases(chain, len(raw)):
            is_shared = not head and base[-1].sha256 in self._frames
            packed = (pack_alike if is_shared else pack)(raw, self._unpacked(base))
            if best is None or len(packed) < len(best[1]):
                best = base[0], packed
            if _is_small(packed, len(raw)):
                break
        if best and len(best[1]) * (_WORTH if head else _WORTH_OF_HOST) <= len(chain[-1].packed):
            return best
        return None, pack(raw)

    def _unpacked(self, chain: Sequence[Packed]) -> bytes:
        """Return the bytes of the first of a chain; those of its last may be at hand, mostly the frame of a host.

        They are while what is kept of them is what it was: nothing is packed against a body that was damaged meanwhile.
        """
        last = chain[-1]
        at_hand = self._frames.get(last.sha256)
        if at_hand is None or at_hand.packed != last.packed:
            while self._frames and sum(len(frame.raw) for frame in self._frames.values()) > _MOST_FRAME_BYTES:
                del self._frames[next(iter(self._frames))]
            at_hand = self._frames[last.sha256] = _AtHand(last.packed, unpack_chain([last]))
        return unpack_chain(chain[:-1], at_hand.raw)

    def _put_frame(self, page: int, capture: int, version: int) -> None:
        """Let the first keyframe of a host whose page was good be the frame of the host.

        Headers follow the server: the last whole ones of a fetch that first showed a version, so is never pruned.
        """
        self._change(
            """update host set frame = coalesce(frame, (select body.id from capture
                    join body on body.id = capture.body where capture.id = ?1 and body.base is null)),
                header_frame = coalesce((select capture.id from version join capture on capture.id = version.capture
                    where version.id = ?2 and capture.id = ?1 and capture.base is null and origin = 'fetch'),
                    header_frame)
            where name = (select host from page where id = ?3)""",
            capture,
            version,
            page,
        )


def _bases(chain: Sequence[Packed], size: int) -> Iterator[Sequence[Packed]]:
    """Yield the bodies that one of about so many bytes may be packed against, with what they need; likely ones first.

    Where the first of the chain is noise, that is what it was packed against; else, as after an edit, itself.
    """
    bases = [some for some in (chain[1:], chain[: 0 if len(chain) > _MOST_NEEDED else None]) if some]
    yield from bases if chain and _is_small(chain[0].packed, size) else reversed(bases)


def _is_small(packed: bytes, size: int) -> bool:
    return len(packed) <= max(_SMALL_BYTES, size // _SMALL_PART)


def packed_headers(headers: bytes, frame: int | None, frame_headers: bytes | None) -> tuple[int | None, bytes]:
    """Return the capture whose headers these are packed against, None where they are whole, and the packed headers."""
    if frame_headers is not None:
        packed = pack_text_alike(headers, frame_headers)
        if len(packed) * _WORTH_OF_HEADERS <= len(frame_headers):
            return frame, packed
    return None, pack_text(headers)

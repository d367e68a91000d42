"""Writing captures: each distinct body once, as what differs from a keyframe of its page where that is small."""

from hashlib import sha256

from core.errors import StorageError
from core.model import Capture
from storage.columns import capture_columns, to_json
from storage.pack import pack, pack_text, unpack_chain, unpack_text
from storage.replaying import Replaying

_WORTH = 4
"""A body is kept as a difference while that takes at most a quarter of its keyframe; else it is the next keyframe.

Every body needs few others to be read, so none is slow to read and damage does not spread along a chain: usually one,
two after an edit, and one more once `compact` has packed keyframes against another page's.
"""
_SMALL = 20
"""A difference this much smaller than what it is made from cannot be made much smaller by another one."""


_BEFORE = """select page.url, head.body as head_body, frame.id as frame, frame.headers as frame_headers
    from page left join capture as head on head.id = page.head_capture left join version on version.id = page.head
    left join capture as first on first.id = version.capture
    left join capture as frame on frame.id = coalesce(first.base, first.id) where page.id = ?"""
"""What a page's next capture is packed against. The capture that first showed a version is never pruned."""
_WORTH_FRAME = 2


class Bodies(Replaying):
    """The part of a transaction that writes captures."""

    def _put_capture(self, page: int, capture: Capture) -> int:
        rows = self._rows(_BEFORE, page)
        if not rows:
            raise StorageError(f"database {self._path}: there is no page {page}")
        (before,) = rows
        digest = sha256(capture.body).digest()
        body = self._put_body(capture.body, digest, before["head_body"])
        base, headers = packed_headers(to_json(capture.headers), before["frame"], before["frame_headers"])
        columns = {"page": page, "body": body, "base": base, "headers": headers}
        return self._insert("capture", columns | capture_columns(capture, before["url"], digest))

    def _put_body(self, raw: bytes, digest: bytes, head: int | None) -> int:
        known = self._rows("select id from body where sha256 = ?", digest)
        if known:
            return int(known[0]["id"])
        base, packed = self._packed(raw, head)
        return self._insert("body", {"sha256": digest, "bytes": len(raw), "base": base, "packed": packed})

    def _packed(self, raw: bytes, head: int | None) -> tuple[int | None, bytes]:
        """Return the body that `raw` is packed against, None where it is a keyframe, and the packed bytes.

        That is what the body of the page's head is packed against, or `head` itself where that is clearly better: after
        an edit, and where `compact` has packed a keyframe. A bad capture is never a base for another.
        """
        chain = self._chain(head) if head else []
        best: tuple[int | None, bytes] = None, b""
        for place in (1, 0) if len(chain) == 2 else (min(1, len(chain) - 1),) if chain else ():
            packed = pack(raw, unpack_chain(chain[place:]))
            if not best[0] or len(packed) < len(best[1]):
                best = chain[place].body, packed
            if len(packed) * _SMALL <= len(chain[place].packed):
                break
        if best[0] and len(best[1]) * _WORTH <= len(chain[-1].packed):
            return best
        return None, pack(raw)


def packed_headers(headers: str, frame: int | None, frame_headers: bytes | None) -> tuple[int | None, bytes]:
    """Return the capture whose headers these are packed against, None where they are whole, and the packed headers."""
    if frame_headers is not None:
        packed = pack_text(headers, unpack_text(frame_headers))
        if len(packed) * _WORTH_FRAME <= len(frame_headers):
            return frame, packed
    return None, pack_text(headers)

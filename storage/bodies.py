"""Writing captures: each distinct body once, as what differs from a keyframe of its page where that is small."""

from hashlib import sha256

from core.model import Capture
from storage.columns import capture_columns
from storage.pack import pack, unpack_chain
from storage.replaying import Replaying

_WORTH = 4
"""A body is kept as a difference while that takes at most a quarter of its keyframe; else it is the next keyframe.

Every body needs few others to be read, so none is slow to read and damage does not spread along a chain: usually one,
two after an edit, and one more once `compact` has packed keyframes against another page's.
"""
_SMALL = 20
"""A difference this much smaller than what it is made from cannot be made much smaller by another one."""


class Bodies(Replaying):
    """The part of a transaction that writes captures."""

    def _put_capture(self, page: int, capture: Capture) -> int:
        body = self._put_body(page, capture.body)
        return self._insert("capture", {"page": page, "body": body} | capture_columns(capture))

    def _put_body(self, page: int, raw: bytes) -> str:
        digest = sha256(raw).hexdigest()
        if not self._rows("select 1 from body where sha256 = ?", digest):
            base, packed = self._packed(page, raw)
            self._insert("body", {"sha256": digest, "bytes": len(raw), "base": base, "packed": packed})
        return digest

    def _packed(self, page: int, raw: bytes) -> tuple[str | None, bytes]:
        """Return the body that `raw` is packed against, None where it is a keyframe, and the packed bytes.

        That is what the head's body is packed against, or the head's body itself where that is clearly better: after
        an edit, and where `compact` has packed a keyframe. A bad capture is never a base for another.
        """
        rows = self._rows(
            "select body from page join capture on capture.id = page.head_capture where page.id = ?", page
        )
        chain = self._chain(rows[0]["body"]) if rows else []
        best: tuple[str | None, bytes] = None, b""
        for place in (1, 0) if len(chain) == 2 else (min(1, len(chain) - 1),) if chain else ():
            packed = pack(raw, unpack_chain(chain[place:]))
            if not best[0] or len(packed) < len(best[1]):
                best = chain[place][0], packed
            if len(packed) * _SMALL <= len(chain[place][1]):
                break
        if best[0] and len(best[1]) * _WORTH <= len(chain[-1][1]):
            return best
        return None, pack(raw)

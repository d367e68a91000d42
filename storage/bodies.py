"""Writing captures: each distinct body once, as what differs from a keyframe of its page where that is small."""

from hashlib import sha256

from core.model import Capture
from storage.columns import capture_columns
from storage.pack import pack, unpack
from storage.replaying import Replaying

_WORTH = 4
"""A body is kept as a difference while that takes at most a quarter of its keyframe; else it is the next keyframe.

Every body needs at most one other to be read, so none is slow to read and damage does not spread along a chain.
"""


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
        """Return the keyframe that `raw` is packed against, None where it is one itself, and the packed bytes.

        The keyframe is that of the page's head: a bad capture is never a base for another.
        """
        rows = self._rows(
            """select keyframe.sha256, keyframe.packed from page
            join capture on capture.id = page.head_capture join body on body.sha256 = capture.body
            join body as keyframe on keyframe.sha256 = coalesce(body.base, body.sha256) where page.id = ?""",
            page,
        )
        for row in rows:
            packed = pack(raw, unpack(row["packed"], row["sha256"]))
            if len(packed) * _WORTH <= len(row["packed"]):
                return row["sha256"], packed
        return None, pack(raw)

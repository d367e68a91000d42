"""Writing versions: each distinct text of a page once under one rules id, numbered within the page, never altered."""

import sqlite3

from core.model import NormalText, Reading, SameAs
from storage.columns import listed_columns, text_from_columns, text_to_json
from storage.database import translated
from storage.finding import new_lines
from storage.pack import pack_text, unpack_text
from storage.read import JOIN_BASE
from storage.sightings import Sightings

LAST_VERSION = f"""select version.*, base.text as base_text from version {JOIN_BASE}
    where version.page = ? order by version.number desc limit 1"""
_WORTH = 4
"""A text is kept as a difference while that takes at most a quarter of what it differs from; else it is kept whole.

So one other text at most is needed to read it.
"""


class Versions(Sightings):
    """The part of a transaction that writes versions."""

    def has_version(self, page: int, rules_id: str, fingerprint: bytes) -> bool:
        """Tell whether the page has such a version under these rules."""
        return self._known_version(page, rules_id, fingerprint) is not None

    def _known_version(self, page: int, rules_id: str, fingerprint: bytes) -> tuple[int, int] | None:
        """Return the id of a version and its number within the page, None where there is none."""
        sql = "select id, number from version where page = ? and rules_id = ? and fingerprint = ?"
        rows = self._rows(sql, page, rules_id, fingerprint)
        return (rows[0]["id"], rows[0]["number"]) if rows else None

    def _put_version(
        self, page: int, reading: Reading | SameAs, text: NormalText | None, fingerprint: bytes, capture: int
    ) -> tuple[int, int]:
        """Keep a version where it is not known; return its id and its number. What is the same as one is known."""
        rows = self._rows(LAST_VERSION, page)
        last = rows[0] if rows else None
        known = self._known_version(page, reading.rules_id, fingerprint) if last else None
        if known is not None:
            return known
        assert isinstance(reading, Reading)
        assert text is not None
        number = last["number"] + 1 if last else 1
        before = self._value(text_from_columns, last) if last else None
        with translated(self._path):
            column = text_to_json(text)
            base, packed = packed_after(column, last)
        version = self._insert(
            "version",
            {
                "page": page,
                "number": number,
                "rules_id": reading.rules_id,
                "fingerprint": fingerprint,
                "base": base,
                "text": packed,
                "capture": capture,
                "profile": reading.profile,
                "charset": reading.charset,
            }
            | listed_columns(text),
        )
        self.index(page, new_lines(before, text))
        return version, number


def packed_after(text: bytes, last: sqlite3.Row | None) -> tuple[int | None, bytes]:
    """Return the version that a text is packed against, None where it is whole, and the packed text.

    `last` is the version before it, of `LAST_VERSION`: what that one is packed against serves again.
    """
    if last is not None:
        base, frame = (last["base"], last["base_text"]) if last["base"] else (last["id"], last["text"])
        packed = pack_text(text, unpack_text(frame))
        if len(packed) * _WORTH <= len(frame):
            return base, packed
    return None, pack_text(text)

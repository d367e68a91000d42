"""Writing versions: each distinct text of a page once under one rules id, numbered within the page, never altered."""

from core.model import NormalText, Reading
from storage.columns import text_to_json
from storage.finding import new_lines, tokens
from storage.sightings import Sightings


class Versions(Sightings):
    """The part of a transaction that writes versions."""

    def has_version(self, page: int, rules_id: str, fingerprint: bytes) -> bool:
        """Tell whether the page has such a version under these rules."""
        return self._version_id(page, rules_id, fingerprint) is not None

    def _version_id(self, page: int, rules_id: str, fingerprint: bytes) -> int | None:
        rows = self._rows(
            "select id from version where page = ? and rules_id = ? and fingerprint = ?", page, rules_id, fingerprint
        )
        return rows[0]["id"] if rows else None

    def _put_version(self, page: int, reading: Reading, text: NormalText, fingerprint: bytes, capture: int) -> int:
        known = self._version_id(page, reading.rules_id, fingerprint)
        if known is not None:
            return known
        rows = self._rows("select number, text from version where page = ? order by number desc limit 1", page)
        number, before = tuple(rows[0]) if rows else (0, None)
        version = self._insert(
            "version",
            {
                "page": page,
                "number": number + 1,
                "rules_id": reading.rules_id,
                "fingerprint": fingerprint,
                "text": text_to_json(text),
                "capture": capture,
                "profile": reading.profile,
                "charset": reading.charset,
            },
        )
        self._insert("version_words", {"rowid": version, "words": tokens(new_lines(before, text))})
        return version

"""Writing versions: each distinct text of a page once under one rules id, numbered within the page, never altered."""

from core.model import NormalText, Reading
from storage.columns import text_to_json
from storage.finding import new_lines
from storage.sightings import Sightings


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
        self, page: int, reading: Reading, text: NormalText, fingerprint: bytes, capture: int
    ) -> tuple[int, int]:
        """Keep a version where it is not known; return its id and its number."""
        known = self._known_version(page, reading.rules_id, fingerprint)
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
        self.index(page, new_lines(before, text))
        return version, number + 1

"""Writing spells: kept up to date sighting by sighting, made anew where one comes out of order."""

from dataclasses import asdict, astuple

from storage.database import translated
from storage.pages import Pages
from storage.spells import Sighting, spells_of


class Sightings(Pages):
    """The part of a transaction that writes spells."""

    def _see(self, page: int, rules_id: str, seen: Sighting) -> None:
        """Bring the spells up to date with one more sighting; an earlier one than the last makes them all anew."""
        rows = self._rows(
            """select id, version, last_seen_at, exists (
                select 1 from page_check where page = spell.page and at > last_seen_at and at <= ?
                    and presence in ('removed', 'moved')) as is_over
            from spell where page = ? and rules_id = ? order by first_seen_at desc, id desc limit 1""",
            seen.at,
            page,
            rules_id,
        )
        if rows and rows[0]["last_seen_at"] > seen.at:
            self._derive_spells(page, rules_id, seen)
        elif rows and rows[0]["version"] == seen.version and not rows[0]["is_over"]:
            self._update("spell", rows[0]["id"], {"last_seen_at": seen.at, "last_capture": seen.capture})
        elif seen.version is not None:
            self._put_spells(page, rules_id, [seen])

    def _derive_spells(self, page: int, rules_id: str, seen: Sighting) -> None:
        """Make the spells from all sightings: the checks, and the ends of spells, which hold those of `reprocess`.

        Whether a page was there does not depend on the rules, so absences count under whatever rules they were found.
        """
        rows = self._rows(
            """select at, version, capture from page_check where page = ?1 and rules_id = ?2 and version is not null
            union select last_at, version, capture from page_check where page = ?1 and rules_id = ?2
                and version is not null and last_at is not null
            union select first_seen_at, version, first_capture from spell where page = ?1 and rules_id = ?2
            union select last_seen_at, version, last_capture from spell where page = ?1 and rules_id = ?2
            union select at, null, null from page_check where page = ?1 and presence in ('removed', 'moved')
            union select ?3, ?4, ?5
            order by at, capture""",
            page,
            rules_id,
            *astuple(seen),
        )
        with translated(self._path):
            self._connection.execute("delete from spell where page = ? and rules_id = ?", (page, rules_id))
        self._put_spells(page, rules_id, [Sighting(*row) for row in rows])

    def _put_spells(self, page: int, rules_id: str, sightings: list[Sighting]) -> None:
        for spell in spells_of(sightings):
            self._insert("spell", {"page": page, "rules_id": rules_id} | asdict(spell))

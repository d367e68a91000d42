"""Writing spells: kept up to date sighting by sighting, made anew where one comes out of order."""

from msgspec.structs import astuple

from storage.pages import Pages
from storage.spells import Sighting, Spell, spells_of

_SPELL = Spell.__struct_fields__
_NEWEST = "select id from spell where page = ?1 and rules_id = ?2 order by first_seen_at desc, id desc limit 1"
_PROLONG = f"""update spell set last_seen_at = ?3, last_capture = ?5
    where id = ({_NEWEST}) and version = ?4 and last_seen_at <= ?3 and not exists (select 1 from page_check
        where page = ?1 and at > last_seen_at and at <= ?3 and presence in ('removed', 'moved'))"""
"""Tried first, since most checks find what the one before them found."""


class Sightings(Pages):
    """The part of a transaction that writes spells."""

    def _see(self, page: int, rules_id: str, seen: Sighting) -> None:
        """Bring the spells up to date with one more sighting; an earlier one than the last makes them all anew."""
        if self._change(_PROLONG, page, rules_id, seen.at, seen.version, seen.capture):
            return
        newest = self._rows(f"select last_seen_at from spell where id = ({_NEWEST})", page, rules_id)
        if newest and newest[0]["last_seen_at"] > seen.at:
            self._derive_spells(page, rules_id, seen)
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
        self._change("delete from spell where page = ? and rules_id = ?", page, rules_id)
        self._put_spells(page, rules_id, [Sighting(*row) for row in rows])

    def _put_spells(self, page: int, rules_id: str, sightings: list[Sighting]) -> None:
        for spell in spells_of(sightings):
            columns = {name: getattr(spell, name) for name in _SPELL}
            self._insert("spell", {"page": page, "rules_id": rules_id} | columns)

"""Writing a history read again: versions and spells beside the old ones, and which told changes no longer hold."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from core.model import NormalText
from core.replay import Step
from storage.columns import text_from_columns
from storage.read import JOIN_BASE
from storage.spells import Sighting
from storage.times import from_text, to_text
from storage.versions import Versions


class Replaying(Versions):
    """The part of a transaction that replays. Nothing told is altered: what no longer holds is marked beside it."""

    def needs_replay(self, page: int, rules_id: str) -> bool:
        """Tell whether the head, or some check, was read under other rules and not yet again under these."""
        rows = self._rows(
            """select 1 from page join version on version.id = page.head where page.id = ?1 and rules_id <> ?2
            union all select 1 from page_check where page = ?1 and rules_id not in ('', ?2) and id > coalesce(
                (select last_check from replay where page = ?1 and rules_id = ?2), 0) limit 1""",
            page,
            rules_id,
        )
        return bool(rows)

    def evidence(self, page: int) -> list[tuple[datetime, int]]:
        """Return when the page was checked and by which capture, oldest first; checks that gave none are left out.

        Of checks that retention made one row of, it is the first and the last.
        """
        rows = self._rows(
            """select at, capture, id from page_check where page = ?1 and capture is not null and quality <> ''
            union all select last_at, capture, id from page_check
                where page = ?1 and capture is not null and quality <> '' and last_at is not null
            order by at, id""",
            page,
        )
        return [(from_text(row["at"]), row["capture"]) for row in rows]

    def shown(self, page: int) -> list[list[tuple[datetime, NormalText]]]:
        """Return the history as it stands, under each rules id: the texts with the time from which each was shown."""
        rows = self._rows(
            f"""select spell.rules_id, first_seen_at, version.text, base.text as base_text
            from spell join version on version.id = spell.version {JOIN_BASE}
            where spell.page = ? order by spell.rules_id, first_seen_at, spell.id""",
            page,
        )
        under = groupby(rows, key=lambda row: row["rules_id"])
        return [[(from_text(row["first_seen_at"]), text_from_columns(row)) for row in run] for _, run in under]

    def put_history(
        self, page: int, rules_id: str, steps: Sequence[Step], vanished: Sequence[datetime], now: datetime
    ) -> None:
        """Write the history of a page under other rules and move its head there; `vanished` are turns it lost."""
        sightings = [
            _sighting(step, self._put_version(page, step.reading, step.text, step.fingerprint, step.capture)[0])
            for step in steps
        ]
        absences = [
            Sighting(row["at"], None, None)
            for row in self._rows(
                "select at from page_check where page = ? and presence in ('removed', 'moved') order by at", page
            )
        ]
        self._change("delete from spell where page = ? and rules_id = ?", page, rules_id)
        self._put_spells(page, rules_id, sorted(sightings + absences, key=lambda seen: (seen.at, seen.capture or 0)))
        self._move_head(page, sightings)
        self._supersede(page, rules_id, vanished)
        self._change(
            "insert or replace into replay select ?1, ?2, ?3, max(id) from page_check where page = ?1",
            page,
            rules_id,
            to_text(now),
        )

    def _move_head(self, page: int, sightings: list[Sighting]) -> None:
        (row,) = self._rows("select head_capture from page where id = ?", page)
        of_head = [seen for seen in sightings if seen.capture == row["head_capture"]] or sightings
        if of_head:
            self._update("page", page, {"head": of_head[-1].version, "head_capture": of_head[-1].capture})

    def _supersede(self, page: int, rules_id: str, vanished: Sequence[datetime]) -> None:
        for at in vanished:
            for row in self._rows("select id from change where page = ? and seen_at = ?", page, to_text(at)):
                self._change("insert or ignore into superseded values (?, ?)", row["id"], rules_id)
                # Nobody is told any more what is not yet on its way.
                self._change("delete from outbox where change = ? and delivery is null", row["id"])


def _sighting(step: Step, version: int) -> Sighting:
    return Sighting(to_text(step.at), version, step.capture)

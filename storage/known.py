"""What was read of a page's head already, and by which stencils a capture is known again that need not be read."""

from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder

from core.model import Capture, Quality, QualityKind, Reading, SameAs
from core.stencil import Hole, Stencil, whole
from storage.bodies import Bodies
from storage.columns import capture_from_columns, removed_from_json, removed_to_json, text_from_columns, to_json
from storage.read import JOIN_BASE, JOIN_FRAME
from storage.times import from_text, to_text

_HOLES = Decoder(tuple[Hole, ...])


class Learned(Struct, frozen=True):
    """What was learned of a version by readings of the whole: a stencil, if there is one, when, and by how many.

    What fits the stencil is the `same`.
    """

    same: SameAs
    stencil: Stencil | None
    read_at: datetime
    times: int


class Before(Struct, frozen=True):
    """A page's head: what its capture is the same as, which that is, and the stencil that only this capture fits."""

    same: SameAs
    capture: int
    whole: Stencil


class Remembered(Bodies):
    """The part of a transaction that remembers readings."""

    def learned(self, page: int, rules_id: str) -> Learned | None:
        """Return what was learned of the page's head; None where that is nothing, or it was read under other rules."""
        rows = self._rows(
            """select stencil.* from page join version on version.id = page.head
                join stencil on stencil.page = page.id and stencil.version = page.head
            where page.id = ? and version.rules_id = ?""",
            page,
            rules_id,
        )
        return self._value(partial(_learned, rules_id), rows[0]) if rows else None

    def read_before(self, page: int, rules_id: str) -> Before | None:
        """Return the page's head; None where it was read under other rules, or by no good check.

        Of the head alone: a body known from an older spell is read again.
        """
        rows = self._rows(
            f"""select capture.*, page.url as page_url, frame.headers as base_headers, body.sha256, page.head,
                (select removed from page_check where page = ?1 and capture = page.head_capture
                    and quality = 'ok' and rules_id = ?2 and version = page.head order by at desc limit 1) as removed
            from page join version on version.id = page.head join capture on capture.id = page.head_capture
                join body on body.id = capture.body {JOIN_FRAME}
            where page.id = ?1 and version.rules_id = ?2""",
            page,
            rules_id,
        )
        return self._value(partial(_before, rules_id), rows[0]) if rows and rows[0]["removed"] is not None else None

    def reading_of(self, same: SameAs) -> Reading:
        """Return the reading of a capture that was found to be the same as a version."""
        (row,) = self._rows(
            f"""select version.text, base.text as base_text, version.charset, version.profile
            from version {JOIN_BASE} where version.id = ?""",
            same.version,
        )
        return Reading(
            same.quality, same.rules_id, text_from_columns(row), row["charset"], row["profile"], same.removed
        )

    def put_learned(self, page: int, learned: Learned) -> None:
        """Keep what was learned of a page's version; of versions before nothing is kept."""
        stencil = learned.stencil or Stencil((), b"")
        self._upsert(
            "stencil",
            {
                "page": page,
                "version": learned.same.version,
                "holes": to_json(stencil.holes),
                "digest": stencil.digest,
                "removed": removed_to_json(learned.same.removed),
                "read_at": to_text(learned.read_at),
                "times": learned.times,
            },
        )


def _learned(rules_id: str, row: Any) -> Learned:
    stencil = Stencil(_HOLES.decode(row["holes"]), row["digest"]) if row["digest"] else None
    return Learned(_same(rules_id, row["version"], row["removed"]), stencil, from_text(row["read_at"]), row["times"])


def _before(rules_id: str, row: Any) -> Before:
    head: Capture = capture_from_columns(row, b"")
    return Before(_same(rules_id, row["head"], row["removed"]), row["id"], whole(head, row["sha256"]))


def _same(rules_id: str, version: int, removed: str) -> SameAs:
    return SameAs(version, rules_id, Quality(QualityKind.OK), removed_from_json(removed))

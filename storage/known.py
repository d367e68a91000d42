"""What was read of a page's head already, and by which stencils a capture is known again that need not be read."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from core.model import Capture, Quality, QualityKind, Reading, Removal, SameAs
from core.stencil import Hole, Stencil, whole
from storage.bodies import Bodies
from storage.columns import capture_from_columns, text_from_columns, to_json
from storage.read import JOIN_BASE, JOIN_FRAME
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of a version by readings of the whole: a stencil, if there is one, when, and by how many."""

    version: int
    stencil: Stencil | None
    read_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a page's head: what is the same as it, its capture, the stencil of that one alone, what else."""

    same: SameAs
    capture: int
    whole: Stencil
    learned: Learned | None


class Known(Bodies):
    """The part of a transaction that remembers readings."""

    def read_before(self, page: int, rules_id: str) -> Before | None:
        """Return what is known of the page's head; None where it was read under other rules, or by no good check.

        Of the head alone: a body known from an older spell is read again.
        """
        rows = self._rows(
            f"""select capture.*, page.url as page_url, frame.headers as base_headers, body.sha256, body.bytes,
                page.head, (select removed from page_check where page = ?1 and capture = page.head_capture
                    and quality = 'ok' and rules_id = ?2 and version = page.head order by at desc limit 1) as removed,
                stencil.body_bytes, stencil.holes, stencil.digest, stencil.read_at, stencil.times
            from page join version on version.id = page.head join capture on capture.id = page.head_capture
                join body on body.id = capture.body {JOIN_FRAME}
                left join stencil on stencil.page = page.id and stencil.version = page.head
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
        stencil = learned.stencil or Stencil(0, (), b"")
        self._upsert(
            "stencil",
            {
                "page": page,
                "version": learned.version,
                "body_bytes": stencil.body_bytes,
                "holes": to_json([[hole.start, hole.end, hole.kind] for hole in stencil.holes]),
                "digest": stencil.digest,
                "read_at": to_text(learned.read_at),
                "times": learned.times,
            },
        )


def _before(rules_id: str, row: Any) -> Before:
    head: Capture = capture_from_columns(row, b"")
    learned = None
    if row["times"] is not None:
        holes = tuple(Hole(*hole) for hole in json.loads(row["holes"]))
        stencil = Stencil(row["body_bytes"], holes, row["digest"]) if holes else None
        learned = Learned(row["head"], stencil, from_text(row["read_at"]), row["times"])
    removed = tuple(Removal(*removal) for removal in json.loads(row["removed"]).items())
    same = SameAs(row["head"], rules_id, Quality(QualityKind.OK), removed)
    return Before(same, row["id"], whole(head, row["bytes"], row["sha256"]), learned)

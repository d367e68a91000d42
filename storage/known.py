"""What was read of a page's head already, so that the same answer need not be read again."""

import json
from hashlib import sha256

from core.model import Capture, Headers, Quality, QualityKind, Reading, Removal
from storage.bodies import Bodies
from storage.columns import headers_from_columns, text_from_columns
from storage.read import JOIN_BASE, JOIN_FRAME


class Known(Bodies):
    """The part of a transaction that remembers readings."""

    def read_before(self, page: int, capture: Capture, rules_id: str) -> tuple[Headers, Reading] | None:
        """Return the headers and the reading of the page's head, where `capture` is the same but for its headers.

        Of the head alone: a body known from an older spell is read again. None, too, where the head was read under
        other rules or found by a check that gave no good page.
        """
        rows = self._rows(
            f"""select capture.headers, frame.headers as base_headers, version.text, base.text as base_text,
                version.charset, version.profile, (select removed from page_check
                where page = ?1 and capture = page.head_capture and quality = 'ok' and rules_id = ?2
                    and version = page.head order by at desc limit 1) as removed
            from page join version on version.id = page.head {JOIN_BASE} join capture on capture.id = page.head_capture
                join body on body.id = capture.body {JOIN_FRAME}
            where page.id = ?1 and version.rules_id = ?2 and body.sha256 = ?3 and coalesce(capture.url, page.url) = ?4
                and coalesce(capture.final_url, capture.url, page.url) = ?5 and capture.status = ?6
                and capture.media = ?7 and capture.defect = ?8""",
            page,
            rules_id,
            sha256(capture.body).digest(),
            capture.url,
            capture.final_url,
            capture.status,
            capture.media,
            capture.defect,
        )
        if not rows or rows[0]["removed"] is None:
            return None
        row = rows[0]
        reading = Reading(
            Quality(QualityKind.OK),
            rules_id,
            text_from_columns(row),
            row["charset"],
            row["profile"],
            tuple(Removal(*removal) for removal in json.loads(row["removed"]).items()),
        )
        return headers_from_columns(row), reading

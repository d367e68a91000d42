"""Writing which changes a reader has seen."""

from collections.abc import Sequence
from datetime import datetime

from storage.columns import to_json
from storage.health import HealthBook
from storage.times import to_text


class Marks(HealthBook):
    """The part of a transaction that marks changes as seen; what is marked already, or is not there, stays as it is."""

    def mark_seen(self, changes: Sequence[int], at: datetime) -> None:
        """Mark changes as seen."""
        self._mark("id in (select value from json_each(?))", to_json(list(changes)), at)

    def mark_seen_up_to(self, change: int, at: datetime) -> None:
        """Mark a change and all that were told before it as seen."""
        self._mark("id <= ?", change, at)

    def mark_unseen(self, changes: Sequence[int]) -> None:
        """Take the marks of changes away."""
        self._change("delete from seen_mark where change in (select value from json_each(?))", to_json(list(changes)))

    def _mark(self, condition: str, value: object, at: datetime) -> None:
        self._change(f"insert or ignore into seen_mark select id, ? from change where {condition}", to_text(at), value)

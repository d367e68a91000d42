"""Writing what is to be reported: a change waits for its channels, then goes out in a delivery that never changes."""

from dataclasses import dataclass
from datetime import datetime

from storage.bodies import Bodies
from storage.database import translated
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One report to one channel. `notice` is its stable id; `changes` were frozen before the first try."""

    id: int
    channel: str
    notice: str
    made_at: datetime
    attempts: int
    changes: tuple[int, ...]


class Outbox(Bodies):
    """The part of a transaction that queues changes and keeps account of deliveries."""

    def enqueue(self, change: int, channel: str, not_before: datetime) -> None:
        """Let a change wait for a channel until a time."""
        self._insert("outbox", {"change": change, "channel": channel, "not_before": to_text(not_before)})

    def waiting_channels(self, now: datetime) -> list[str]:
        """Return the channels for which some change has waited long enough."""
        rows = self._rows(
            "select distinct channel from outbox where delivery is null and not_before <= ?", to_text(now)
        )
        return [row["channel"] for row in rows]

    def make_delivery(self, channel: str, notice: str, now: datetime) -> None:
        """Freeze everything that waits for a channel into one delivery."""
        text = to_text(now)
        delivery = self._insert(
            "delivery", {"channel": channel, "notice": notice, "made_at": text, "next_try_at": text, "state": "pending"}
        )
        with translated(self._path):
            self._connection.execute(
                "update outbox set delivery = ? where channel = ? and delivery is null", (delivery, channel)
            )

    def pending(self, now: datetime) -> list[DeliveryRow]:
        """Return the deliveries whose next try is due, the longest waiting first."""
        rows = self._rows(
            """select *, (select group_concat(change) from outbox where outbox.delivery = delivery.id) as changes
            from delivery where state = 'pending' and next_try_at <= ? order by next_try_at, id""",
            to_text(now),
        )
        return [
            DeliveryRow(
                row["id"],
                row["channel"],
                row["notice"],
                from_text(row["made_at"]),
                row["attempts"],
                tuple(sorted(map(int, (row["changes"] or "").split(",")))),
            )
            for row in rows
        ]

    def acknowledge(self, delivery: int, now: datetime) -> None:
        """Note that a delivery was taken."""
        self._update("delivery", delivery, {"state": "sent", "sent_at": to_text(now), "error": ""})

    def fail(self, delivery: int, attempts: int, error: str, next_try_at: datetime | None) -> None:
        """Note a try that failed; without a next one the delivery is given up."""
        columns: dict[str, object] = {"attempts": attempts, "error": error}
        columns |= {"next_try_at": to_text(next_try_at)} if next_try_at else {"state": "failed"}
        self._update("delivery", delivery, columns)

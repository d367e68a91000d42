"""Writing what is to be reported: it waits for its channels, then goes out in a delivery that never changes."""

from datetime import datetime, timedelta

from msgspec import Struct

from storage.known import Remembered
from storage.times import from_text, to_text


class DeliveryRow(Struct, frozen=True):
    """One report to one channel. `notice` is its stable id; what it tells was frozen before the first try."""

    id: int
    channel: str
    notice: str
    made_at: datetime
    attempts: int
    changes: tuple[int, ...]
    health: tuple[int, ...]


class Most(Struct, frozen=True):
    """How many changes and health notices go into one delivery at most."""

    changes: int
    health: int


_WAITING = "channel = ?1 and delivery is null"
_IS_DUE = "(not_before <= ?2 or not_before > ?3)"
"""What waits for longer than anything may was queued before the clock was set back."""


class Outbox(Remembered):
    """The part of a transaction that queues what is to be told and keeps account of deliveries."""

    def enqueue(self, channel: str, not_before: datetime, change: int | None = None, health: int | None = None) -> None:
        """Let a change or a health notice wait for a channel until a time."""
        values = {"channel": channel, "change": change, "health": health, "not_before": to_text(not_before)}
        self._insert("outbox", values)

    def is_due(self, channel: str, now: datetime, longest: timedelta) -> bool:
        """Tell whether something has waited long enough for a channel, for which nothing waits over `longest`."""
        sql = f"select 1 from outbox where {_WAITING} and {_IS_DUE} limit 1"
        return bool(self._rows(sql, channel, to_text(now), to_text(now + longest)))

    def make_delivery(self, channel: str, notice: str, now: datetime, longest: timedelta, most: Most) -> None:
        """Freeze what is due for a channel, and with it all changes that wait, into one delivery of a bounded size."""
        text = to_text(now)
        delivery = self._insert(
            "delivery", {"channel": channel, "notice": notice, "made_at": text, "next_try_at": text, "state": "pending"}
        )
        never = to_text(now + longest)
        for chosen, limit in (("change is not null", most.changes), (f"health is not null and {_IS_DUE}", most.health)):
            self._change(
                f"""update outbox set delivery = ?4 where id in (select id from outbox
                    where {_WAITING} and {chosen} order by not {_IS_DUE}, id limit ?5)""",
                channel,
                text,
                never,
                delivery,
                limit,
            )

    def pending(self, channel: str, now: datetime, longest: timedelta) -> list[DeliveryRow]:
        """Return the deliveries to a channel whose next try is due, the longest waiting first."""
        return self._read(
            lambda row: DeliveryRow(
                row["id"],
                row["channel"],
                row["notice"],
                from_text(row["made_at"]),
                row["attempts"],
                _numbers(row["changes"]),
                _numbers(row["health"]),
            ),
            """select *, (select group_concat(change) from outbox where outbox.delivery = delivery.id) as changes,
                (select group_concat(health) from outbox where outbox.delivery = delivery.id) as health
            from delivery where channel = ? and state = 'pending' and (next_try_at <= ? or next_try_at > ?)
            order by next_try_at, id""",
            channel,
            to_text(now),
            to_text(now + longest),
        )

    def acknowledge(self, delivery: int, now: datetime) -> None:
        """Note that a delivery was taken."""
        self._update("delivery", delivery, {"state": "sent", "sent_at": to_text(now), "error": ""})

    def fail(self, delivery: int, attempts: int, error: str, next_try_at: datetime | None) -> None:
        """Note a try that failed; without a next one the delivery is given up."""
        columns: dict[str, object] = {"attempts": attempts, "error": error}
        columns |= {"next_try_at": to_text(next_try_at)} if next_try_at else {"state": "failed"}
        self._update("delivery", delivery, columns)


def _numbers(joined: str | None) -> tuple[int, ...]:
    return tuple(sorted(map(int, joined.split(",")))) if joined else ()

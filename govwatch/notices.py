"""From what a delivery holds to the report of it: the first changes word for word, what belongs together as one."""

from msgspec.structs import replace

from core.grouping import grouped
from reports.channels.values import Notice
from reports.notice import make_notice
from reports.values import ChangeGroup, ChangeReport, HealthReport
from storage.health import HealthRow
from storage.outbox import DeliveryRow
from storage.rows import ChangeRow
from storage.write import Transaction
from web.reading import brief_report, change_report, told_of

MOST_IN_FULL = 50
"""So many changes are told word for word; with 500 a report took 2 s to make and had 15 MB."""


def notice_of(reading: Transaction, delivery: DeliveryRow) -> Notice:
    """Return the report of a delivery. Raises StorageError."""
    health = [_health_report(row) for row in reading.notices(delivery.health)]
    return make_notice(delivery.notice, delivery.made_at, _groups(reading, delivery.changes), health)


def _groups(reading: Transaction, numbers: tuple[int, ...]) -> list[ChangeGroup]:
    rows = {row.id: row for row in reading.changes_by_number(numbers)}
    groups: list[ChangeGroup] = []
    for group in grouped(list(map(told_of, rows.values()))):
        newest, *others = (rows[one.id] for one in group.changes)
        shown = change_report(reading, newest) if len(groups) < MOST_IN_FULL else _in_short(newest)
        groups.append(ChangeGroup(group.kind, shown, tuple(map(brief_report, others))))
    return groups


def _in_short(row: ChangeRow) -> ChangeReport:
    report = brief_report(row)
    return replace(report, detail="; ".join(filter(None, (report.detail, f"the words: govwatch diff {row.page}"))))


def _health_report(row: HealthRow) -> HealthReport:
    return HealthReport(
        row.page, row.name, row.url, row.title, row.host, row.kind, row.at, row.bad_checks, row.since, row.reason
    )

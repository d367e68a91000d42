"""`govwatch status`: what was checked, what was missed, and why."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click
from msgspec import Struct

from govwatch.app import App
from govwatch.command import command, json_option
from govwatch.words import safe, shorten, when
from reports.plain import count
from storage.counts import Coverage
from storage.overview import Queue, Trouble
from storage.standing import HostStanding, Overdue, Standing, open_standing

_MOST_LINES = 20
"""So many of a kind are shown as text; --json has all."""
_DAY = timedelta(days=1)


class Status(Struct, frozen=True):
    """How the watch stands; `kinds` counts the pages in trouble, `good_ages` (seconds, by page) is for JSON alone."""

    coverage: Coverage
    overdue: list[Overdue]
    hosts: list[HostStanding]
    kinds: dict[str, int]
    troubles: list[Trouble]
    queues: list[Queue]
    good_ages: dict[int, int | None]


@command("status", "govwatch status\ngovwatch status --json")
@json_option
def status_command(app: App, as_json: bool) -> None:
    """Show what was checked and what was missed."""
    with open_standing(app.database) as reader:
        status = _read(reader, app.now(), -1 if as_json else _MOST_LINES, as_json)
    if as_json:
        click.echo(json.dumps(_as_dict(status), ensure_ascii=False, indent=2))
        return
    known = {channel.name for channel in app.settings.channels}
    for line in _lines(status, known):
        click.echo(line)


def _read(reader: Standing, now: datetime, most: int, with_ages: bool) -> Status:
    return Status(
        coverage=reader.coverage(now),
        overdue=reader.overdue(now, most),
        hosts=reader.failing_hosts(now, now - _DAY),
        kinds=reader.trouble_kinds(),
        troubles=reader.troubles(most),
        queues=reader.queues(),
        good_ages=reader.good_ages(now) if with_ages else {},
    )


def _lines(status: Status, known: set[str]) -> Iterator[str]:
    coverage = status.coverage
    yield from _coverage_lines(coverage)
    for queue in status.queues:
        lost = "" if queue.channel in known else "; it is not in the configuration"
        error = f"; {safe(queue.error)}" if queue.error else ""
        yield (
            f"Channel {safe(queue.channel)}: {queue.waiting} waiting, {queue.pending} on the way, "
            f"{queue.failed} given up{lost}{error}"
        )
    until = {host.host: host.not_before for host in status.hosts}
    if status.overdue:
        yield f"{count(coverage.overdue, 'page')} overdue:"
    for overdue in status.overdue:
        rest = until.get(overdue.host)
        alone = f"; {safe(overdue.host)} is left alone until {when(rest)}" if rest else ""
        shown = shorten(overdue.title or overdue.name or overdue.url, 40)
        yield f"{overdue.page:>4}  since {when(overdue.since)} ({_span(coverage.at - overdue.since)})  {shown}{alone}"
    yield from _more(coverage.overdue)
    yield from _host_lines("left alone after failures", [host for host in status.hosts if host.not_before])
    yield from _host_lines("failed in the last 24 hours", [host for host in status.hosts if not host.not_before])
    yield from _trouble_lines(status)


def _coverage_lines(coverage: Coverage) -> Iterator[str]:
    since = f" since {when(coverage.overdue_since)}" if coverage.overdue_since else ""
    yield (
        f"Checked {coverage.checked} of {count(coverage.pages, 'page')} in the last 24 hours, {coverage.good} well; "
        f"{coverage.overdue} overdue{since}."
    )
    older = coverage.pages - coverage.good_in_week - coverage.never_good
    yield (
        f"Last seen well: {coverage.good} within a day, {coverage.good_in_week - coverage.good} within a week, "
        f"{older} before, {coverage.never_good} never."
    )
    if coverage.scheduled:
        yield f"On time: {coverage.on_time} of {count(coverage.scheduled, 'scheduled page')} ({_share(coverage):.1%})."


def _host_lines(said: str, hosts: list[HostStanding]) -> Iterator[str]:
    if hosts:
        yield f"{count(len(hosts), 'host')} {said}:"
    for host in hosts[:_MOST_LINES]:
        again = f"asked again {when(host.not_before)}; " if host.not_before else ""
        yield f"      {safe(host.host)}  {count(host.pages, 'page')}; {count(host.failures, 'failure')} in a row; " + (
            f"{again}{safe(host.last_error)}, {when(host.failed_at)}"
        )
    yield from _more(len(hosts))


def _trouble_lines(status: Status) -> Iterator[str]:
    several = sum(status.kinds.values())
    if several:
        kinds = ", ".join(f"{pages} {kind or 'not checked yet'}" for kind, pages in status.kinds.items())
        yield f"{count(several, 'page')} without a good latest check ({kinds}):"
    for trouble in status.troubles:
        yield f"{trouble.page:>4}  {shorten(trouble.title or trouble.name or trouble.url)}"
        good_at = trouble.last_good_at
        ago = f" ({_span(status.coverage.at - good_at)} ago)" if good_at else ""
        row = f"; {trouble.bad_checks} bad checks in a row" if trouble.bad_checks > 1 else ""
        told = f"; told as {' and '.join(trouble.told)}" if trouble.told else ""
        yield f"      last good check {when(good_at)}{ago}{row}{told}; {safe(trouble.reason) or 'not checked yet'}"
    yield from _more(several)


def _more(several: int) -> Iterator[str]:
    if several > _MOST_LINES:
        yield f"      … and {several - _MOST_LINES} more; all of them with --json"


def _share(coverage: Coverage) -> float:
    return coverage.on_time / coverage.scheduled if coverage.scheduled else 1.0


def _span(time: timedelta) -> str:
    """Return `5 minutes`, `3 hours` or `2 days`."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 120:
        return count(minutes, "minute")
    return count(minutes // 60, "hour") if minutes < 48 * 60 else count(minutes // 1440, "day")


def _as_dict(status: Status) -> dict[str, Any]:
    coverage = status.coverage
    return {
        "at": coverage.at.isoformat(),
        "pages": coverage.pages,
        "checked_24h": coverage.checked,
        "good_24h": coverage.good,
        "good_7d": coverage.good_in_week,
        "never_good": coverage.never_good,
        "scheduled": coverage.scheduled,
        "on_time": coverage.on_time,
        "on_time_share": round(_share(coverage), 4),
        "overdue": coverage.overdue,
        "overdue_since": _iso(coverage.overdue_since),
        "overdue_pages": [
            {"page": page.page, "url": page.url, "host": page.host, "since": page.since.isoformat()}
            for page in status.overdue
        ],
        "hosts": [
            {
                "host": host.host,
                "pages": host.pages,
                "failures": host.failures,
                "not_before": _iso(host.not_before),
                "last_error": host.last_error,
                "failed_at": _iso(host.failed_at),
            }
            for host in status.hosts
        ],
        "channels": [
            {
                "channel": queue.channel,
                "waiting": queue.waiting,
                "pending": queue.pending,
                "failed": queue.failed,
                "error": queue.error,
            }
            for queue in status.queues
        ],
        "trouble_kinds": status.kinds,
        "troubles": [
            {
                "page": trouble.page,
                "url": trouble.url,
                "last_check_at": _iso(trouble.at),
                "last_good_at": _iso(trouble.last_good_at),
                "kind": trouble.kind,
                "reason": trouble.reason,
                "bad_checks": trouble.bad_checks,
                "told": trouble.told,
            }
            for trouble in status.troubles
        ],
        "last_good_age_s": status.good_ages,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

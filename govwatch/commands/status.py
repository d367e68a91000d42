"""`govwatch status`: what was checked, what was missed, and why."""

import json

import click

from govwatch.app import App
from govwatch.command import command, json_option
from govwatch.words import safe, shorten, when
from reports.folding import count
from storage.overview import Coverage, Queue, Trouble, open_overview

_MOST_TROUBLES = 50


@command("status", "govwatch status\ngovwatch status --json")
@json_option
def status_command(app: App, as_json: bool) -> None:
    """Show what was checked and what was missed."""
    with open_overview(app.database) as reader:
        coverage, troubles, queues = reader.coverage(app.now()), reader.troubles(), reader.queues()
    if as_json:
        click.echo(json.dumps(_as_dict(coverage, troubles, queues), ensure_ascii=False, indent=2))
        return
    click.echo(
        f"Checked {coverage.checked} of {count(coverage.pages, 'page')} in the last 24 hours, {coverage.good} well; "
        f"{coverage.overdue} overdue."
    )
    for queue in queues:
        click.echo(
            f"Channel {safe(queue.channel)}: {count(queue.waiting, 'change')} waiting, {queue.pending} on the way, "
            f"{queue.failed} given up{'; ' + safe(queue.error) if queue.error else ''}"
        )
    if troubles:
        click.echo(f"{count(len(troubles), 'page')} without a good latest check:")
    for trouble in troubles[:_MOST_TROUBLES]:
        click.echo(f"{trouble.page:>4}  {shorten(trouble.title or trouble.name or trouble.url)}")
        click.echo(f"      last good check {when(trouble.last_good_at)}; {safe(trouble.reason) or 'not checked yet'}")
    if len(troubles) > _MOST_TROUBLES:
        click.echo(f"      … and {len(troubles) - _MOST_TROUBLES} more; all of them with --json")


def _as_dict(coverage: Coverage, troubles: list[Trouble], queues: list[Queue]) -> dict[str, object]:
    return {
        "at": coverage.at.isoformat(),
        "pages": coverage.pages,
        "checked_24h": coverage.checked,
        "good_24h": coverage.good,
        "overdue": coverage.overdue,
        "channels": [
            {
                "channel": queue.channel,
                "waiting": queue.waiting,
                "pending": queue.pending,
                "failed": queue.failed,
                "error": queue.error,
            }
            for queue in queues
        ],
        "troubles": [
            {
                "page": trouble.page,
                "url": trouble.url,
                "last_check_at": trouble.at.isoformat() if trouble.at else None,
                "last_good_at": trouble.last_good_at.isoformat() if trouble.last_good_at else None,
                "reason": trouble.reason,
            }
            for trouble in troubles
        ],
    }

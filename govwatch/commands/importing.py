"""`govwatch import`: a saved page becomes a capture of the time it was saved."""

from datetime import UTC, datetime

import click

from config.asked import checked_url
from config.settings import DEFAULT_ZONE
from core.errors import UsageError
from govwatch.app import App
from govwatch.command import command
from govwatch.pages import named, sync
from govwatch.recording import Checked, Finding, record
from govwatch.saved import saved_capture
from govwatch.words import safe, shorten, verdict_word, when
from govwatch.writing import writing
from reports.plain import count


@command(
    "import",
    """
    govwatch import page.html --url https://www.sc.gov.cn/a.shtml --at 2020-07-14
    govwatch import page.txt --text --url https://www.sc.gov.cn/a.shtml --at "2020-07-14 08:30"
    """,
)
@click.argument("file")
@click.option("--url", required=True, help="The address the page was saved from.")
@click.option(
    "--at",
    "at_text",
    required=True,
    metavar="WHEN",
    help="When it was saved: a day or an ISO 8601 time (Asia/Shanghai).",
)
@click.option("--text", "is_text", is_flag=True, help="The file is the page as plain text.")
def import_command(app: App, file: str, url: str, at_text: str, is_text: bool) -> None:
    """Store a saved page as a capture of that time.

    A capture older than the newest check of the page takes its place in the history, and nobody is alarmed.
    """
    at = _time(at_text)
    if at > app.now():
        raise UsageError(f"--at {at_text} lies in the future; give the time at which the page was saved")
    url = checked_url(url)
    capture = saved_capture(file, url, at, is_text)
    with writing(app) as store:
        with store.transaction() as tx:
            sync(app, tx)
            (page,) = named(tx, [url], app.now())
        (checked,) = record(app, store, [Finding(page, capture, at)])
        told = _told(checked, at)
    click.echo(told)
    click.get_current_context().exit(0 if checked.is_good else 1)


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=DEFAULT_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--at {text!r} is no time; write for example 2020-07-14 or 2020-07-14T08:30") from error


def _told(checked: Checked, at: datetime) -> str:
    text, change = checked.decision.shown, checked.decision.change
    word = verdict_word(checked.verdict, change.kind if change else "")
    lines = [f"page {checked.page.id}, as of {when(at)}: {word}"]
    if text is not None:
        shown = (
            ("title", text.title),
            ("published", text.published),
            ("source", text.source),
            ("editor", text.editor),
            ("body", count(len(text.body or ()), "paragraph")),
        )
        lines += [f"  {name:<10}{shorten(value or '(empty)', 100)}" for name, value in shown]
    if checked.verdict.reason:
        lines.append(f"  {safe(checked.verdict.reason)}")
    return "\n".join(lines)

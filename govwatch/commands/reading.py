"""`govwatch list`, `history`, `show`, `changes` and `diff`: reading what was kept; nothing is fetched or written."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import click

from config.schedule import from_text, in_words, parse_duration
from config.settings import DEFAULT_ZONE, PRIORITIES
from core.errors import UsageError
from core.grouping import grouped
from core.model import FIELDS
from govwatch.app import App
from govwatch.command import command, json_option, one_page
from govwatch.words import field_line, presence_words, safe, shorten, when
from reports.render import FORMS, render_change
from reports.values import ChangeReport
from storage.read import Reader, open_reader
from storage.rows import ChangeRow, CheckRow, PageRow, SpellRow, VersionRow

NUMBER = click.IntRange(1, 2**31)
_MANY = 100
"""How many changes are listed unless more are asked for."""


@command("list", "govwatch list")
@click.option("--retired", is_flag=True, help="Also show the pages that are no longer watched.")
@json_option
def list_command(app: App, retired: bool, as_json: bool) -> None:
    """List the pages, with what is known of each."""
    shown = ("active", "paused", "retired") if retired else ("active", "paused")
    with open_reader(app.database) as reader:
        pages = reader.pages(shown)
    if as_json:
        _print_json([_page_dict(page) for page in pages])
    for page in () if as_json else pages:
        click.echo(_page_line(page))
    if not pages and not as_json:
        click.echo("No pages yet; start with: govwatch crawl URL")


@command("history", "govwatch history 1\ngovwatch history 1 --checks")
@click.argument("page")
@click.option("--checks", is_flag=True, help="Show every check, and not only which version was shown when.")
@json_option
def history_command(app: App, page: str, checks: bool, as_json: bool) -> None:
    """Show which version a page showed when."""
    with open_reader(app.database) as reader:
        found = one_page(reader, page)
        rows: list[Any] = list(reversed(reader.checks(found.id))) if checks else reader.history(found.id)
        absences = [change for change in reader.changes(page=found.id) if change.to_number is None]
    if as_json:
        _print_json([_check_dict(row) if checks else _spell_dict(row) for row in rows])
        return
    click.echo(_page_line(found))
    lines = [_check_line(row) for row in rows] if checks else _life_lines(rows, absences)
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("      no good check yet; see: govwatch history --checks " + str(found.id))


@command("show", "govwatch show 1\ngovwatch show 1 2 --json\ngovwatch show 1 --raw > page.html")
@click.argument("page")
@click.argument("version", type=NUMBER, required=False)
@click.option("--raw", "form", flag_value="raw", help="The bytes of the capture the version was first read from.")
@click.option("--text", "form", flag_value="text", default=True, help="The fields and the body as text (the default).")
@click.option("--json", "form", flag_value="json", help="Print JSON, with where and when it was captured.")
def show_command(app: App, page: str, version: int | None, form: str) -> None:
    """Show one version of a page.

    Without a number, its newest.
    """
    from web.reading import existing_version

    with open_reader(app.database) as reader:
        found = one_page(reader, page)
        number = version if version is not None else found.head_number
        if number is None:
            raise UsageError(f"page {found.id} has no version yet; `govwatch history --checks {found.id}` shows why")
        shown = existing_version(reader, found, number)
        if form == "raw":
            sys.stdout.buffer.write(reader.capture(shown.capture).body)
        elif form == "json":
            _print_json(_version_dict(reader, found, shown))
        else:
            click.echo(_version_text(shown))


@command("changes", "govwatch changes --since 7d\ngovwatch changes --field editor --json")
@click.option("--since", metavar="WHEN", help="Only what was seen since: 12h, 7d, 2w, or a day or time.")
@click.option("--page", metavar="PAGE", help="Only this page.")
@click.option("--field", type=click.Choice(FIELDS), help="Only changes of this field.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many [default: 100; --json: all].")
@json_option
def changes_command(
    app: App, since: str | None, page: str | None, field: str | None, limit: int | None, as_json: bool
) -> None:
    """List what changed, newest first."""
    most = limit or (sys.maxsize if as_json else _MANY)
    with open_reader(app.database) as reader:
        only = one_page(reader, page).id if page else None
        # One more than is shown tells whether there are more.
        found = reader.changes(_since(since, app.now()) if since else None, only, field, min(most + 1, sys.maxsize))
    changes = found[:most]
    if as_json:
        _print_json([_change_dict(change) for change in changes])
        return
    for line in _group_lines(changes):
        click.echo(line)
    if not changes:
        click.echo("No changes" + (f" since {since}." if since else "."))
    if len(found) > most:
        click.echo(f"There are older ones; show more with --limit {10 * most}")


@command("diff", "govwatch diff 1\ngovwatch diff 1 --from 1 --to 3 --format html > diff.html")
@click.argument("page")
@click.option("--from", "old", type=NUMBER, metavar="N", help="The older version [default: what was shown before M].")
@click.option("--to", "new", type=NUMBER, metavar="M", help="The newer version [default: the newest].")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def diff_command(app: App, page: str, old: int | None, new: int | None, form: str, as_json: bool) -> None:
    """Show the words that changed.

    In the latest change of a page, or between any two of its versions.
    """
    with open_reader(app.database) as reader:
        found = one_page(reader, page)
        if found.head_number is None:
            raise UsageError(f"page {found.id} has no version yet; `govwatch history --checks {found.id}` shows why")
        report = _difference(reader, found, old, new)
    if report is None:
        click.echo("null" if as_json or form == "json" else f"Page {found.id} has not changed.")
        return
    colour = sys.stdout.isatty() and not _no_colour()
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    shown = render_change(report, "json" if as_json else form, colour, columns)
    click.echo(shown.removesuffix("\n"), color=True)


def _difference(reader: Reader, page: PageRow, old: int | None, new: int | None) -> ChangeReport | None:
    from web.reading import change_report, versions_report

    if old is None and new is None:
        told = [change for change in reader.changes(page=page.id) if change.fields]
        spells = reader.history(page.id)
        if told or len(spells) < 2:
            return change_report(reader, told[0]) if told else None
        # Imports of the past are told to nobody, but their words differ all the same.
        return versions_report(reader, page, spells[-2].number, spells[-1].number)
    new = new if new is not None else page.head_number or 1
    return versions_report(reader, page, old if old is not None else _shown_before(reader.history(page.id), new), new)


def _shown_before(spells: list[SpellRow], number: int) -> int:
    """Return the version that the page showed before it last showed this one, else the one numbered before."""
    before = [old.number for old, new in pairwise(spells) if new.number == number]
    return before[-1] if before else max(number - 1, 1)


def _no_colour() -> bool:
    import os

    return bool(os.environ.get("NO_COLOR"))


def _since(text: str, now: datetime) -> datetime:
    """Return the time a user means: so long ago, or a day or time (Asia/Shanghai). Raises UsageError."""
    if re.fullmatch(r"\d+\s*[smhdw]", text.strip()):
        try:
            return now - timedelta(seconds=parse_duration(text))
        except (ValueError, OverflowError) as error:
            raise UsageError(f"--since {text}: {error}") from error
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=DEFAULT_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--since {text!r} is no time; write for example 12h, 7d or 2026-11-01") from error


def _page_line(page: PageRow) -> str:
    plan = in_words(from_text(page.schedule)) if page.scheduled else "not scheduled"
    priority = f"{PRIORITIES[page.priority]} priority" if PRIORITIES[page.priority] != "normal" else ""
    state = page.status if page.status != "active" else presence_words(page.presence)
    shown = shorten(page.title or page.name or page.url, 50)
    facts = ", ".join(filter(None, (state, plan, priority, f"last good check {when(page.last_good_at)}")))
    address = " · ".join(filter(None, (shorten(page.name, 50), safe(page.url))))
    return f"{page.id:>4}  {shown}\n      {facts}\n      {address}"


def _life_lines(spells: list[SpellRow], absences: list[ChangeRow]) -> list[str]:
    """Return one line for each spell, and for each time the page was found removed or moved, in order."""
    told = [(spell.first_seen_at, _spell_line(spell)) for spell in spells]
    told += [(change.seen_at, f"      {change.kind:<9}  {when(change.seen_at)}") for change in absences]
    return [line for _, line in sorted(told)]


def _spell_line(spell: SpellRow) -> str:
    span = f"{when(spell.first_seen_at)} to {when(spell.last_seen_at)}"
    editor = f"  editor {shorten(spell.editor, 20)}" if spell.editor else ""
    return f"      version {spell.number}  {span}{editor}"


def _check_line(check: CheckRow) -> str:
    said = check.content if check.content != "none" else check.presence
    version = f"version {check.number}" if check.number else ""
    more = f"×{check.checks} until {when(check.last_at)}" if check.checks > 1 else ""
    facts = "  ".join(filter(None, (version, more, safe(check.reason))))
    return f"      {when(check.at)}  {said:<12}{facts}".rstrip()


def _group_lines(changes: list[ChangeRow]) -> Iterator[str]:
    """Yield changes as they are told: one by one, a redesign of many pages and a flapping page as one."""
    from web.reading import told_of

    by_id = {change.id: change for change in changes}
    for group in grouped(list(map(told_of, changes))):
        newest, members = by_id[group.changes[0].id], [by_id[one.id] for one in group.changes]
        if group.kind == "single":
            yield _change_lines(newest)
        elif group.kind == "redesign":
            pages = ", ".join(str(change.page) for change in members)
            host = urlsplit(newest.url).netloc
            yield f"{when(newest.seen_at)}  redesign  {len(members)} pages of {safe(host)} changed alike: {pages}"
            yield f"{' ' * 18}for example: govwatch diff {newest.page}"
        else:
            yield f"{when(newest.seen_at)}  page {newest.page}  flapping  {_shown_title(newest)}"
            versions = " and ".join(map(str, sorted({newest.from_number or 0, newest.to_number or 0})))
            yield f"{' ' * 18}{len(members)} turns between versions {versions} since {when(members[-1].seen_at)}"


def _shown_title(change: ChangeRow) -> str:
    return shorten(change.title or change.name or change.url, 50)


def _change_lines(change: ChangeRow) -> str:
    lines = [f"{when(change.seen_at)}  page {change.page}  {change.kind}  {_shown_title(change)}"]
    lines += [field_line(field) for field in change.fields]
    lines += [safe(change.detail)] if change.detail else []
    lines += ["no change under today's rules"] if change.superseded else []
    return f"\n{' ' * 18}".join(lines)


def _version_text(version: VersionRow) -> str:
    text = version.text
    fields = (("title", text.title), ("published", text.published), ("source", text.source), ("editor", text.editor))
    lines = [f"{name:<10}{safe(value)}" for name, value in fields if value]
    body = [safe(paragraph) for paragraph in text.body or ()]
    files = [f"attachment  {safe(file.name)}  {safe(file.url)}" for file in text.attachments or ()]
    return "\n".join([*lines, "", "\n\n".join(body), *([""] if files else []), *files])


def _page_dict(page: PageRow) -> dict[str, Any]:
    return {
        "page": page.id,
        "url": page.url,
        "name": page.name,
        "title": page.title,
        "status": page.status,
        "origin": page.origin,
        "scheduled": page.scheduled,
        "schedule": page.schedule,
        "priority": PRIORITIES[page.priority],
        "labels": page.labels,
        "watch": page.watch,
        "presence": page.presence,
        "version": page.head_number,
        "last_good_at": _iso(page.last_good_at),
        "last_check_at": _iso(page.last_check_at),
        "next_due": _iso(page.next_due),
    }


def _spell_dict(spell: SpellRow) -> dict[str, Any]:
    return {
        "version": spell.number,
        "first_seen_at": _iso(spell.first_seen_at),
        "last_seen_at": _iso(spell.last_seen_at),
        "title": spell.title,
        "editor": spell.editor,
    }


def _check_dict(check: CheckRow) -> dict[str, Any]:
    return {
        "check": check.id,
        "at": _iso(check.at),
        "outcome": check.outcome,
        "failure": check.failure or None,
        "quality": check.quality or None,
        "presence": check.presence,
        "content": check.content,
        "reason": check.reason,
        "version": check.number,
        "removed": check.removed,
        "checks": check.checks,
        "last_at": _iso(check.last_at),
        "stands_in": check.stands_in,
    }


def _change_dict(change: ChangeRow) -> dict[str, Any]:
    return {
        "change": change.id,
        "page": change.page,
        "url": change.url,
        "name": change.name,
        "title": change.title,
        "kind": change.kind,
        "from": change.from_number,
        "to": change.to_number,
        "fields": [{"field": f.field, "old": f.old, "new": f.new} for f in change.fields],
        "detail": change.detail,
        "last_good_at": _iso(change.last_good_at),
        "seen_at": _iso(change.seen_at),
        "labels": change.labels,
        "superseded": change.superseded,
    }


def _version_dict(reader: Reader, page: PageRow, version: VersionRow) -> dict[str, Any]:
    capture, text = reader.capture(version.capture), version.text
    return {
        "page": page.id,
        "url": page.url,
        "version": version.number,
        "title": text.title,
        "published": text.published,
        "source": text.source,
        "editor": text.editor,
        "body": text.body,
        "attachments": None if text.attachments is None else [{"url": f.url, "name": f.name} for f in text.attachments],
        "fingerprint": version.fingerprint.hex(),
        "rules_id": version.rules_id,
        "profile": version.profile,
        "charset": version.charset,
        "capture": {
            "final_url": capture.final_url,
            "status": capture.status,
            "headers": capture.headers,
            "origin": capture.origin,
            "media": capture.media,
            "ip": capture.ip,
            "tls": capture.tls,
            "requested_at": _iso(capture.requested_at),
            "received_at": _iso(capture.received_at),
            "wire_sha256": capture.wire_sha256 or capture.body_sha256.hex(),
        },
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))

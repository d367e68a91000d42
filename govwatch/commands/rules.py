"""`govwatch rules`: what each boilerplate rule did, and which do nothing or too much."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import click

from govwatch.app import App
from govwatch.command import command, json_option
from govwatch.words import safe, when
from reports.plain import count
from storage.rulehealth import RuleHealth, open_rule_reader

_MOST_PAGES = 10


@command("rules", "govwatch rules\ngovwatch rules --days 7 --share 30")
@click.option(
    "--days", type=click.IntRange(1, 36500), default=30, show_default=True, help="Look back over so many days."
)
@click.option(
    "--share",
    type=click.IntRange(1, 100),
    default=50,
    show_default=True,
    metavar="PERCENT",
    help="Warn of a rule that removed more than this of a page.",
)
@json_option
def rules_command(app: App, days: int, share: int, as_json: bool) -> None:
    """Show what each boilerplate rule did.

    Counted are the good checks that were read under today's rules. Shares are of the text the rules looked at: the
    body as found, with what was removed from it.
    """
    since = app.now() - timedelta(days=days)
    with open_rule_reader(app.database) as reader:
        today = [read for read in reader.read_under(since) if _is_todays(app, read.url, read.profile, read.rules_id)]
        health = reader.rule_health(since, [read.rules_id for read in today], share / 100)
    names = [rule.id for rule in app.library.rules]
    checks = sum(read.checks for read in today)
    idle = [name for name in names if name not in health] if checks else []
    if as_json:
        click.echo(json.dumps(_as_dict(since, checks, names, idle, health), ensure_ascii=False, indent=2))
        return
    click.echo(f"{count(checks, 'good check')} in {count(days, 'day')} under today's rules.")
    for line in (*_table(names, health), *_warnings(names, idle, health, share)):
        click.echo(line)


def _is_todays(app: App, url: str, profile: str, rules_id: str) -> bool:
    """Tell whether a page read now would be read under this rules id; false where its profile is no more."""
    known = not profile or any(one.name == profile for one in app.library.profiles)
    return known and app.reader_of(url, profile).rules_id == rules_id


def _table(names: Sequence[str], health: Mapping[str, RuleHealth]) -> Iterator[str]:
    """Yield a line for each rule, those that fired most first, the others in their own order."""
    width = max(map(len, names), default=4)
    yield f"{'rule':<{width}}  {'pages':>7}  {'hits':>9}  {'removed':>7}  last hit"
    for name in sorted(names, key=lambda name: -health[name].hits if name in health else 0):
        if name in health:
            did = health[name]
            yield f"{name:<{width}}  {did.pages:>7}  {did.hits:>9}  {did.share:>7.1%}  {when(did.last_hit_at)}"
        else:
            yield f"{name:<{width}}  {0:>7}  {0:>9}  {'-':>7}  never"


def _warnings(names: Sequence[str], idle: Sequence[str], health: Mapping[str, RuleHealth], share: int) -> Iterator[str]:
    if idle:
        yield f"Warning: {count(len(idle), 'rule')} matched nothing anywhere: {', '.join(idle)}"
    for name in names:
        greed = health[name].greed if name in health else ()
        if greed:
            yield f"Warning: {name} removed more than {share} % of {count(len(greed), 'page')}:"
        for page in greed[:_MOST_PAGES]:
            yield f"{page.page:>4}  {page.share:.1%}  {safe(page.url)}"
        if len(greed) > _MOST_PAGES:
            yield f"      … and {len(greed) - _MOST_PAGES} more; all of them with --json"


def _as_dict(
    since: datetime, checks: int, names: Sequence[str], idle: Sequence[str], health: Mapping[str, RuleHealth]
) -> dict[str, object]:
    return {
        "since": since.isoformat(),
        "checks": checks,
        "rules": [_rule_dict(name, health.get(name)) for name in names],
        "matched_nothing": list(idle),
    }


def _rule_dict(name: str, did: RuleHealth | None) -> dict[str, object]:
    return {
        "rule": name,
        "pages": did.pages if did else 0,
        "hits": did.hits if did else 0,
        "share_removed": round(did.share, 4) if did else None,
        "last_hit_at": did.last_hit_at.isoformat() if did else None,
        "removed_much_of": [
            {"page": page.page, "url": page.url, "share": round(page.share, 4)} for page in (did.greed if did else ())
        ],
    }

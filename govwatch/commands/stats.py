"""`govwatch stats`: how large the database is, and what for."""

import json

import click
from msgspec.structs import asdict

from govwatch.app import App
from govwatch.command import command, json_option
from govwatch.words import size_words, when
from reports.plain import count
from storage.stats import Stats, read_stats
from storage.times import from_text


@command("stats", "govwatch stats\ngovwatch stats --json")
@json_option
def stats_command(app: App, as_json: bool) -> None:
    """Show how large the database is, and what for."""
    stats = read_stats(app.database)
    if as_json:
        click.echo(json.dumps(asdict(stats) | {"in_all": stats.in_all}, indent=2))
        return
    for kind, size in sorted(stats.bytes.items(), key=lambda one: -one[1]):
        click.echo(f"{size_words(size):>14}  {size / max(stats.in_all, 1):>6.1%}  {kind}{_more(kind, stats)}")
    click.echo(f"{size_words(stats.in_all):>14}  in all: {_per(stats)}")
    if stats.pruned_at is not None:
        went = f"{count(stats.pruned_captures, 'capture')} and {count(stats.pruned_checks, 'check')}"
        click.echo(f"Pruned so far: {went}; last looked at {when(from_text(stats.pruned_at))}")


def _more(kind: str, stats: Stats) -> str:
    if kind == "free":
        return ": used again for what comes; `govwatch compact` gives it back"
    if kind == "bodies":
        packed = _packed(stats.keyframes, stats.keyframe_bytes, stats.differences, stats.difference_bytes)
        return f"{packed}; as served {size_words(stats.served_bytes)}"
    if kind == "versions":
        whole, different = stats.text_keyframes, stats.text_differences
        return _packed(whole, stats.text_keyframe_bytes, different, stats.text_difference_bytes)
    return ""


def _packed(keyframes: int, keyframe_bytes: int, differences: int, difference_bytes: int) -> str:
    return (
        f": {count(keyframes, 'keyframe')} of {size_words(keyframe_bytes)}, "
        f"{count(differences, 'difference')} of {size_words(difference_bytes)}"
    )


def _per(stats: Stats) -> str:
    each = ((stats.pages, "page"), (stats.checks, "check"))
    return ", ".join(f"{stats.in_all / rows:.0f} bytes for each of {count(rows, noun)}" for rows, noun in each if rows)

"""`govwatch extract` and `govwatch probe`: what is read out of a page, and why."""

import json
import sys
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from config.asked import checked_url
from core.errors import GovwatchError, UsageError
from core.model import FIELDS, Capture, FetchFailure, FetchPlan, NormalText, Outcome, QualityKind, Reading
from core.normalize import comparable
from govwatch.app import App
from govwatch.command import command, json_option
from govwatch.saved import saved_capture
from govwatch.words import safe, shorten
from reports.plain import count

if TYPE_CHECKING:
    from core.noise import Noise


@command(
    "extract",
    """
    govwatch extract page.html --url https://www.sc.gov.cn/a.shtml
    govwatch extract --jsonl < pages.jsonl
    """,
)
@click.argument("file", required=False)
@click.option("--url", default="", help="The address the page was saved from.")
@click.option("--text", "is_text", is_flag=True, help="The file is the page as plain text.")
@click.option("--jsonl", is_flag=True, help='Read lines {"id", "file", "url"}, write one JSON object each, in order.')
def extract_command(app: App, file: str | None, url: str, is_text: bool, jsonl: bool) -> None:
    """Read the fields out of saved pages.

    They are printed as JSON; nothing is kept.
    """
    if bool(file) == jsonl:
        raise UsageError("give one FILE, or --jsonl and lines on standard input")
    if file:
        fields = _fields(_read(app, saved_capture(file, url, app.now(), is_text)))
        click.echo(json.dumps(fields, ensure_ascii=False, indent=2))
        return
    if sys.stdin is None:
        raise UsageError("standard input is closed; --jsonl reads its lines there")
    failed = False
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            answer = _answer(app, number, line)
            failed |= "error" in answer
            click.echo(json.dumps(answer, ensure_ascii=False))
    click.get_current_context().exit(1 if failed else 0)


@command(
    "probe",
    """
    govwatch probe https://www.sc.gov.cn/10462/2017/5/22/page.shtml
    govwatch probe page.html --url https://www.sc.gov.cn/a.shtml
    govwatch probe https://www.sc.gov.cn/10462/2017/5/22/page.shtml --twice 5
    """,
)
@click.argument("page", metavar="URL|FILE")
@click.option("--url", default="", help="The address a FILE was saved from.")
@click.option("--text", "is_text", is_flag=True, help="The FILE is the page as plain text.")
@click.option("--profile", default="", help="Read the page by this profile.")
@click.option(
    "--twice", "times", type=click.IntRange(2, 20), metavar="N", help="Fetch N times; propose rules for what differs."
)
@json_option
def probe_command(app: App, page: str, url: str, is_text: bool, profile: str, times: int | None, as_json: bool) -> None:
    """Show how a page is read, and why.

    Each field, the selector that found it, and what each rule removed; nothing is kept.
    """
    is_url = page.startswith(("http://", "https://"))
    if times:
        if not is_url:
            raise UsageError("--twice fetches a page; give its URL and not a file")
        _propose(app, checked_url(page), profile, times, as_json)
        return
    if is_url:
        (outcome,) = _fetched(app, checked_url(page))
    else:
        outcome = saved_capture(page, url, app.now(), is_text)
    if isinstance(outcome, FetchFailure):
        click.echo(_trouble(outcome, None), err=True)
        click.get_current_context().exit(1)
    assert isinstance(outcome, Capture)
    reading = _read(app, outcome, profile)
    click.echo(json.dumps(_probed(reading), ensure_ascii=False, indent=2) if as_json else _shown(reading))


def _read(app: App, capture: Capture, profile: str = "") -> Reading:
    return app.reader_of(capture.url, profile).read(capture)


def _fetched(app: App, url: str, times: int = 1) -> list[Outcome]:
    from crawler.crawl import fetch_all

    outcomes: list[Outcome] = []
    fetch_all([FetchPlan(0, url)] * times, app.settings.crawl, lambda plan, outcome: outcomes.append(outcome))
    return outcomes


def _propose(app: App, url: str, profile: str, times: int, as_json: bool) -> None:
    """Print rules for what differs between several fetches of a page: TOML, with what is no rule as comments."""
    captures: list[Capture] = []
    texts: list[NormalText] = []
    for outcome in _fetched(app, url, times):
        reading = _read(app, outcome, profile) if isinstance(outcome, Capture) else None
        if isinstance(outcome, Capture) and reading and reading.text and reading.quality.kind is QualityKind.OK:
            captures.append(outcome)
            texts.append(reading.text)
        else:
            click.echo(_trouble(outcome, reading), err=True)
    if len(texts) < 2:
        click.echo(f"{len(texts)} of {times} fetches gave the article; there is nothing to compare", err=True)
        click.get_current_context().exit(1)
    noise = _learned(app, url, profile, captures, texts)
    if as_json:
        click.echo(
            json.dumps({"fetches": times, "read": len(texts)} | to_builtins(noise), ensure_ascii=False, indent=2)
        )
    else:
        click.echo(_as_file(noise, url, len(texts)))


def _trouble(outcome: Outcome, reading: Reading | None) -> str:
    """Return why a fetch gave no article."""
    if isinstance(outcome, FetchFailure):
        return f"{outcome.kind}: {safe(outcome.detail)}"
    assert reading is not None
    return f"{reading.quality.kind}: {safe(reading.quality.reason)}"


def _learned(app: App, url: str, profile: str, captures: list[Capture], texts: list[NormalText]) -> "Noise":
    """Return the rules for what differs that hold when the captures are read again with them, and what is left."""
    from core.noise import Difference, Noise, learn
    from core.read import page_reader

    found = learn([text.body or () for text in texts])
    left = list(found.left)
    for name in FIELDS:
        values = {comparable(getattr(text, name)): None for text in texts}
        if name != "body" and len(values) > 1:
            shown = ", ".join(shorten(" ".join(value)) or "(empty)" for value in values)
            left.append(Difference(f"the field {name} differs, and rules work on the body alone", shown))
    reader = page_reader(url, profile, app.library.profiles, (*app.library.rules, *found.rules))
    again = [reader.read(capture) for capture in captures]
    is_good = all(reading.quality.kind is QualityKind.OK for reading in again)
    is_equal = len({reading.text.body for reading in again if reading.text}) == 1
    fired = {removal.rule_id for reading in again for removal in reading.removed}
    proven = [rule for rule in found.rules if is_good and (is_equal or (found.left and rule.id in fired))]
    reason = "read again with a rule for it, the page is not the same or no article"
    left += [Difference(reason, rule.why) for rule in found.rules if rule not in proven]
    return Noise(tuple(proven), tuple(left))


def _as_file(noise: "Noise", url: str, fetches: int) -> str:
    """Return what was learnt as a file of rules: paste it, and nothing in it needs to be taken out."""
    from core.noise import as_toml

    lines = [f"# {fetches} fetches of {safe(url)}"]
    if not noise.rules:
        lines.append("# differ in nothing a rule should take:" if noise.left else "# read the same: no rule is needed.")
    else:
        lines.append("# For rules/mine.toml in the folder of your own that the setting rules_dir names.")
    lines += [f"\n{as_toml(rule)}" for rule in noise.rules]
    lines += [f"\n# Not proposed: {safe(one.reason)}\n#   {safe(one.evidence)}" for one in noise.left]
    return "\n".join(lines)


def _answer(app: App, number: int, line: bytes) -> dict[str, Any]:
    """Return the answer to one line of `--jsonl`; what is wrong with the line is told in its place."""
    asked: dict[str, Any] = {}
    try:
        asked = _asked(number, line)
        capture = saved_capture(asked["file"], asked["url"], app.now())
        return {"id": asked["id"]} | _fields(_read(app, capture))
    except GovwatchError as error:
        return {"id": asked.get("id"), "error": str(error)}


def _asked(number: int, line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"line {number} is not JSON: {error}") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("file"), str):
        raise UsageError(f'line {number} must be like {{"id": 1, "file": "page.html", "url": ""}}')
    return {"id": asked.get("id"), "file": asked["file"], "url": str(asked.get("url") or "")}


def _fields(reading: Reading) -> dict[str, Any]:
    """Return the fields as the documented JSON object; what is not observable is null."""
    text, quality = reading.text, reading.quality
    fields: dict[str, Any] = dict.fromkeys(FIELDS, "") | {"attachments": []}
    if text is not None:
        fields |= {name: getattr(text, name) for name in ("title", "published", "source", "editor")}
        fields["body"] = "\n".join(text.body or ())
        files = text.attachments or ()
        fields["attachments"] = [{"url": file.url, "name": file.name} for file in files]
    return fields | {"quality": quality.kind, "reason": quality.reason}


def _probed(reading: Reading) -> dict[str, Any]:
    return {
        **_fields(reading),
        "profile": reading.profile,
        "charset": reading.charset,
        "rules_id": reading.rules_id,
        "selectors": {given.field: given.selector for given in reading.evidence},
        "removed": {removal.rule_id: removal.chars for removal in reading.removed},
    }


def _shown(reading: Reading) -> str:
    quality = reading.quality
    lines = [f"quality  {quality.kind}{': ' + safe(quality.reason) if quality.reason else ''}"]
    lines.append(f"profile  {reading.profile or 'none'}, charset {reading.charset or 'unknown'}")
    found = {given.field: given for given in reading.evidence}
    lines.append("fields")
    for name in FIELDS:
        given = found.get(name)
        lines.append(f"  {name:<12}{shorten(given.value, 60) if given else '(nothing found)'}")
        lines += [f"              by {given.selector}"] if given else []
    lines.append("rules" if reading.removed else "rules    none removed anything")
    lines += [f"  {removal.rule_id:<18}removed {count(removal.chars, 'character')}" for removal in reading.removed]
    return "\n".join(lines)

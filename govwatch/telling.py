"""One check, told in a few lines or as JSON."""

from typing import Any

from core.model import Content
from govwatch.recording import Checked
from govwatch.replaying import Replayed
from govwatch.words import field_line, safe, shorten, verdict_word, when
from reports.plain import count

_MARGIN = "\n" + " " * 18


def told(checked: Checked) -> str:
    """Return the lines that tell one check."""
    change = checked.decision.change
    word = verdict_word(checked.verdict, change.kind if change else "")
    shown = shorten(checked.title) if checked.title else safe(checked.page.url)
    lines = [f"{checked.page.id:>4}  {word:<12}{shown}"]
    if change is not None:
        lines += [field_line(field) for field in change.fields]
        lines += [f"the words: govwatch diff {checked.page.id}"] if change.fields else []
    elif checked.verdict.content is Content.FIRST_SEEN:
        lines.append(_facts(checked))
    if checked.verdict.reason:
        lines.append(safe(checked.verdict.reason))
    return _MARGIN.join(lines)


def told_replayed(replayed: Replayed) -> str:
    """Return the lines that tell what reading a page again under today's rules changed in its history."""
    lines = [f"{replayed.page.id:>4}  read again  {count(replayed.checks, 'check')}  {shorten(replayed.page.title)}"]
    for word, turns in (("appears", replayed.appeared), ("vanishes", replayed.vanished)):
        lines += [f"{when(turn.at)}  {word:<9} {', '.join(turn.fields)}" for turn in turns]
    return _MARGIN.join(lines)


def as_dict(checked: Checked) -> dict[str, Any]:
    """Return one check as the documented JSON object of `crawl --json`."""
    change = checked.decision.change
    return {
        "page": checked.page.id,
        "url": checked.page.url,
        "presence": checked.verdict.presence,
        "content": checked.verdict.content,
        "reason": checked.verdict.reason,
        "quality": checked.reading.quality.kind if checked.reading else None,
        "check": checked.recorded.check,
        "version": checked.recorded.version_number,
        "change": checked.recorded.change,
        "kind": change.kind if change else None,
        "fields": [{"field": f.field, "old": f.old, "new": f.new} for f in change.fields] if change else [],
    }


def _facts(checked: Checked) -> str:
    text = checked.decision.text
    assert text is not None
    shown = (("published", text.published), ("source", text.source), ("editor", text.editor))
    facts = [f"{name} {shorten(value)}" for name, value in shown if value]
    return ", ".join([*facts, count(len(text.body or ()), "paragraph")])

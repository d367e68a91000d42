"""What the daemon tells: each event once, as values, and from them a line for a terminal or a JSON object for a log."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from govwatch.recording import Checked
from govwatch.replaying import Replayed
from govwatch.telling import as_dict, told, told_replayed
from govwatch.words import safe, verdict_word, when


class Event(Struct, frozen=True):
    """One thing that happened: `kind` in one word, `text` for a reader, `facts` for a program (values of JSON)."""

    at: datetime
    kind: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


OnEvent = Callable[[Event], None]


def checked_event(at: datetime, checked: Checked) -> Event:
    """Return a check that was kept; `verdict` is the one word that a terminal shows."""
    change = checked.decision.change
    word = verdict_word(checked.verdict, change.kind if change else "")
    return Event(at, "checked", told(checked), {"verdict": word} | as_dict(checked))


def replayed_event(at: datetime, replayed: Replayed) -> Event:
    """Return a page that was read again."""
    facts = {
        "page": replayed.page.id,
        "url": replayed.page.url,
        "checks": replayed.checks,
        "appeared": [turn.at.isoformat() for turn in replayed.appeared],
        "vanished": [turn.at.isoformat() for turn in replayed.vanished],
    }
    return Event(at, "replayed", told_replayed(replayed), facts)


def said_event(at: datetime, kind: str, said: str, **facts: Any) -> Event:
    """Return an event that is told in words, `said` in both forms."""
    return Event(at, kind, safe(said), {"said": said} | facts)


def line(event: Event) -> str:
    """Return an event as a terminal shows it."""
    return f"{when(event.at)}  {event.text}"


def log_line(event: Event) -> str:
    """Return an event as one JSON object on one line: `at` (UTC), `event`, and its facts."""
    return json.dumps({"at": event.at.isoformat(), "event": event.kind} | dict(event.facts), ensure_ascii=False)

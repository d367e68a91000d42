"""How the command says things: verdicts, times, sizes, texts that came from a page."""

from core.model import Content, FieldChange, Presence, Verdict
from reports.plain import safe, when

__all__ = ["field_line", "presence_words", "safe", "shorten", "size_words", "verdict_word", "when"]

_KIB = 1024


def verdict_word(verdict: Verdict, change_kind: str = "") -> str:
    """Return the one word that tells a check: its change, else its content, else its presence."""
    if change_kind:
        return change_kind
    return verdict.content if verdict.content is not Content.NONE else verdict.presence


def shorten(text: str, most: int = 60) -> str:
    """Return at most `most` characters of a page's text, safe to print."""
    text = safe(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def size_words(size_bytes: int) -> str:
    """Return a size as `0.4 KiB`, `66.0 KiB` or `12.3 MiB`."""
    return f"{size_bytes / _KIB:.1f} KiB" if size_bytes < _KIB**2 else f"{size_bytes / _KIB**2:.1f} MiB"


def field_line(change: FieldChange) -> str:
    """Return one changed field as `editor: 白婉苹 -> 贺茜`; long texts only by name."""
    if not change.old and not change.new:
        return f"{change.field} changed"
    return f"{change.field}: {shorten(change.old) or '(empty)'} -> {shorten(change.new) or '(empty)'}"


def presence_words(presence: Presence) -> str:
    """Return what a presence means in a list."""
    return {Presence.PRESENT: "", Presence.UNKNOWN: "not seen yet"}.get(presence, str(presence))

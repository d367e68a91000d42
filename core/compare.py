"""Which fields of two normal texts differ, by the same canonical form that the fingerprint is made of."""

from core.model import FIELDS, Attachment, FieldChange, NormalText
from core.normalize import canonical


def changed_fields(old: NormalText, new: NormalText) -> tuple[FieldChange, ...]:
    """Return the fields that differ, in the order of FIELDS; what either side could not observe is left out."""
    return tuple(
        FieldChange(name, *_shown(getattr(old, name), getattr(new, name)))
        for name in FIELDS
        if None not in (getattr(old, name), getattr(new, name))
        and compared(getattr(old, name)) != compared(getattr(new, name))
    )


def compared(value: str | tuple[str | Attachment, ...]) -> tuple[str, ...]:
    """Return what is compared of a field's value: canonical lines without the empty ones."""
    parts = (value,) if isinstance(value, str) else value
    lines = (f"{canonical(p.name)}\n{p.url}" if isinstance(p, Attachment) else canonical(p) for p in parts)
    return tuple(line for line in lines if line)


def _shown(old: object, new: object) -> tuple[str, str]:
    return (old, new) if isinstance(old, str) and isinstance(new, str) else ("", "")

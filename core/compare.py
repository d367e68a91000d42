"""Which fields of two normal texts differ, by the same canonical form that the fingerprint is made of."""

from core.model import FIELDS, FieldChange, NormalText
from core.normalize import comparable


def changed_fields(old: NormalText, new: NormalText) -> tuple[FieldChange, ...]:
    """Return the fields that differ, in the order of FIELDS; what either side could not observe is left out."""
    return tuple(
        FieldChange(name, *_shown(getattr(old, name), getattr(new, name)))
        for name in FIELDS
        if None not in (getattr(old, name), getattr(new, name))
        and comparable(getattr(old, name)) != comparable(getattr(new, name))
    )


def _shown(old: object, new: object) -> tuple[str, str]:
    return (old, new) if isinstance(old, str) and isinstance(new, str) else ("", "")

"""Which changes a channel wants."""

from collections.abc import Collection

from core.model import ChangeDraft


def is_wanted(
    change: ChangeDraft,
    page_labels: Collection[str],
    labels: Collection[str],
    fields: Collection[str],
    kinds: Collection[str],
) -> bool:
    """Tell whether a change of a page passes filters by label, field and kind; an empty filter lets all through."""
    touched = {field.field for field in change.fields}
    return (
        (not labels or not set(labels).isdisjoint(page_labels))
        and (not fields or not touched.isdisjoint(fields))
        and (not kinds or change.kind in kinds)
    )

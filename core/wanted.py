"""Which changes a channel wants, and of which pages."""

from collections.abc import Collection

from core.model import ChangeDraft


def is_of(page_labels: Collection[str], labels: Collection[str]) -> bool:
    """Tell whether a page has one of these labels; where there are none asked for, every page does."""
    return not labels or not set(labels).isdisjoint(page_labels)


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
        is_of(page_labels, labels)
        and (not fields or not touched.isdisjoint(fields))
        and (not kinds or change.kind in kinds)
    )

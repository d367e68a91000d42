"""Which changes a channel wants: by label, field and kind."""

from datetime import UTC, datetime

import pytest

from core.model import ChangeDraft, ChangeKind, FieldChange
from core.wanted import is_wanted

EDITOR = ChangeDraft(ChangeKind.CHANGED, (FieldChange("editor", "甲", "乙"),), None, datetime(2024, 5, 1, tzinfo=UTC))
REMOVED = ChangeDraft(ChangeKind.REMOVED, (), None, datetime(2024, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("change", "labels", "fields", "kinds", "wanted"),
    [
        (EDITOR, (), (), (), True),
        (EDITOR, ("edu",), (), (), True),
        (EDITOR, ("health",), (), (), False),
        (EDITOR, (), ("editor", "title"), (), True),
        (EDITOR, (), ("body",), (), False),
        (EDITOR, (), (), ("removed",), False),
        (REMOVED, (), (), ("removed",), True),
        (REMOVED, (), ("editor",), (), False),
    ],
)
def test_empty_filters_let_through_and_others_choose(change, labels, fields, kinds, wanted) -> None:
    assert is_wanted(change, ("edu", "2024"), labels, fields, kinds) is wanted

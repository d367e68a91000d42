"""Claims about near misses: which known word a mistyped one was meant to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.nearest import distance, nearest

WORDS = st.text("abc教", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "", 0),
        ("title", "title", 0),
        ("titel", "title", 2),
        ("tile", "title", 1),
        ("titles", "title", 1),
        ("tutle", "title", 1),
        ("", "abc", 3),
        ("kitten", "sitting", 3),
        ("责任编辑", "责任编缉", 1),
    ],
)
def test_the_distance_counts_letters_changed_added_and_taken_away(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits


@given(WORDS, WORDS, WORDS)
def test_the_distance_is_a_metric(one: str, other: str, third: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, third) <= distance(one, other) + distance(other, third)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("titel", ("source", "title"), "title"),
        ("delai", ("deadline", "delay"), "delay"),
        ("urs", ("url", "urls"), "url"),
        ("urlss", ("url", "urls"), "urls"),
        ("colour", ("crawl", "concurrency"), None),
        ("ab", ("cd",), None),
        ("a", ("b",), None),
        ("tls", (), None),
    ],
)
def test_the_nearest_word_is_at_most_two_letters_away_and_less_for_short_words(
    word: str, known: tuple[str, ...], meant: str | None
) -> None:
    assert nearest(word, known) == meant

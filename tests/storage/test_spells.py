"""Spells kept check by check are those that all checks together give, in whatever order they came."""

from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, B, C, fail, reprocess, see, see_bad, see_past, see_same, watched
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import QualityKind
from storage.rows import SpellRow
from storage.spells import Sighting, Spell, spells_of
from storage.write import Transaction

TEXTS = {"A": A, "B": B, "C": C}
MEMORY = Path(":memory:")
SECOND = timedelta(seconds=1)

Told = tuple[int, datetime, datetime, int, int]


def told(spell: SpellRow) -> Told:
    return spell.number, spell.first_seen_at, spell.last_seen_at, spell.first_capture, spell.last_capture


def derived(tx: Transaction, page: int) -> list[Told]:
    """Return the spells that the kept checks give, by another road than the store's: grouping."""
    telling = [check for check in reversed(tx.checks(page)) if check.number or check.presence in ("removed", "moved")]
    runs = [list(run) for number, run in groupby(telling, key=lambda check: check.number) if number is not None]
    return [(run[0].number or 0, run[0].at, run[-1].at, run[0].capture or 0, run[-1].capture or 0) for run in runs]


def do(tx: Transaction, page: int, letter: str, at: datetime) -> None:
    """Make the check of a letter: a text, a failure, a bad or absent page, a 304."""
    if letter in TEXTS:
        see(tx, page, TEXTS[letter], at)
    elif letter == "f":
        fail(tx, page, at)
    elif letter == "=":
        see_same(tx, page, at)
    else:
        see_bad(tx, page, {"g": QualityKind.GONE, "w": QualityKind.BLOCKED, "s": QualityKind.SUSPECT}[letter], at)


@pytest.mark.parametrize(
    ("checks", "spells"),
    [
        ("A", ["A"]),
        ("AAAA", ["A"]),
        ("ABA", ["A", "B", "A"]),
        ("AfwgsA", ["A"]),
        ("A=f=B", ["A", "B"]),
        ("fgw=", []),
        ("ABCCAB", ["A", "B", "C", "A", "B"]),
        ("AAggggA", ["A", "A"]),
    ],
)
def test_a_spell_is_an_unbroken_run_of_one_version(
    watching: tuple[Transaction, int], checks: str, spells: list[str]
) -> None:
    tx, page = watching
    for day, letter in enumerate(checks):
        do(tx, page, letter, T0 + day * DAY)
    texts = [version.text for spell in tx.history(page) if (version := tx.version(page, spell.number))]
    assert texts == [TEXTS[letter] for letter in spells]
    assert {spell.number for spell in tx.history(page)} == set(range(1, len(set(spells)) + 1))


def test_a_spell_tells_when_and_by_which_captures_it_was_first_and_last_seen(
    watching: tuple[Transaction, int],
) -> None:
    tx, page = watching
    first = see(tx, page, A, T0)
    last = see(tx, page, A, T0 + DAY)
    fail(tx, page, T0 + 2 * DAY)
    see_same(tx, page, T0 + 3 * DAY)
    (spell,) = tx.history(page)
    assert (spell.first_seen_at, spell.last_seen_at) == (T0, T0 + 3 * DAY)
    assert (spell.first_capture, spell.last_capture) == (first.capture, last.capture)


@settings(deadline=None)
@given(st.text("ABCfgws=", max_size=25))
def test_spells_kept_one_by_one_are_those_of_all_checks(checks: str) -> None:
    with watched(MEMORY) as (tx, page):
        for day, letter in enumerate(checks):
            do(tx, page, letter, T0 + day * DAY)
            assert list(map(told, tx.history(page))) == derived(tx, page)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCfgw="), st.integers(0, 6), st.booleans()), max_size=20))
def test_checks_in_any_order_of_time_give_the_spells_of_that_time(checks: list[tuple[str, int, bool]]) -> None:
    with watched(MEMORY) as (tx, page):
        for step, (letter, day, past) in enumerate(checks):
            at = T0 + day * DAY
            if past and letter in TEXTS:
                see_past(tx, page, TEXTS[letter], at)
            else:
                # Saved pages may all be of one midnight; an answer of a server is of a moment of its own.
                do(tx, page, letter, at + (step + 1) * SECOND)
            assert list(map(told, tx.history(page))) == derived(tx, page)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCf="), st.integers(0, 9), st.sampled_from("npr")), max_size=20))
def test_after_reading_again_every_check_still_lies_in_a_spell_of_its_version(
    steps: list[tuple[str, int, str]],
) -> None:
    rules = 1
    with watched(MEMORY) as (tx, page):
        for letter, day, kind in steps:
            if kind == "r" and tx.before_check(page).state.head:
                rules = 3 - rules
                reprocess(tx, page, TEXTS.get(letter, A), f"r{rules}")
            elif letter in TEXTS:
                (see_past if kind == "p" else see)(tx, page, TEXTS[letter], T0 + day * DAY, f"r{rules}")
            elif letter == "=":
                see_same(tx, page, T0 + day * DAY, f"r{rules}")
            spells = tx.history(page)
            head = tx.before_check(page).state.head
            for check in tx.checks(page):
                version = tx.version(page, check.number or 0)
                if head and version and version.rules_id == head.rules_id:
                    around = [s.number for s in spells if s.first_seen_at <= check.at <= s.last_seen_at]
                    assert version.number in around
            for one, other in pairwise(spells):
                assert one.number != other.number
                assert one.first_seen_at <= one.last_seen_at <= other.first_seen_at


def test_what_was_read_again_stays_in_the_history_when_a_saved_page_comes_between(
    watching: tuple[Transaction, int],
) -> None:
    tx, page = watching
    see(tx, page, A, T0)
    see_same(tx, page, T0 + 2 * DAY)
    reprocess(tx, page, B, "r2")
    see(tx, page, C, T0 + 9 * DAY, "r2")
    see_past(tx, page, C, T0 + 5 * DAY, "r2")
    assert [
        (spell.number, (spell.first_seen_at - T0).days, (spell.last_seen_at - T0).days) for spell in tx.history(page)
    ] == [
        (2, 0, 2),
        (3, 5, 9),
    ]


def test_rules_that_come_back_do_not_shorten_their_old_spell(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    see(tx, page, A, T0)
    see_same(tx, page, T0 + 5 * DAY)
    reprocess(tx, page, B, "r2")
    reprocess(tx, page, A, "r1")
    (spell,) = tx.history(page)
    assert (spell.number, spell.first_seen_at, spell.last_seen_at) == (1, T0, T0 + 5 * DAY)


def test_a_clock_set_back_never_turns_a_spell_round(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    see(tx, page, A, T0 + 5 * DAY)
    see_same(tx, page, T0 + DAY)
    (spell,) = tx.history(page)
    assert (spell.first_seen_at, spell.last_seen_at) == (T0 + DAY, T0 + 5 * DAY)


def test_a_removal_found_by_a_clock_set_back_parts_the_spell_it_falls_into(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    see(tx, page, A, T0)
    see(tx, page, A, T0 + 5 * DAY)
    for day in (2, 3):
        see_bad(tx, page, QualityKind.GONE, T0 + day * DAY)
    assert [(spell.first_seen_at, spell.last_seen_at) for spell in tx.history(page)] == [
        (T0, T0),
        (T0 + 5 * DAY, T0 + 5 * DAY),
    ]


def test_no_sightings_are_no_spells() -> None:
    assert spells_of([]) == []
    assert spells_of([Sighting("1", 7, 1), Sighting("2", 7, 2)]) == [Spell(7, "1", "2", 1, 2)]

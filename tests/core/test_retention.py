"""Which captures and checks may go: never what begins or ends something, never what another rules id saw differently."""

from datetime import UTC, datetime, timedelta

from core.retention import CheckFact, Rolling, Thinning, rolled, stood_in, thinned

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = T0 + 100 * DAY
KINDS = {"A": 1, "B": 2, "C": 3}


def facts(letters: str, step: timedelta = HOUR, **marks: set[int]) -> list[CheckFact]:
    """Checks from letters: A, B, C show versions; = is a 304; w and g are bad; f failed; d is doubted; o overtaken.

    `border` and `needed` are the numbers of the checks, from 1, that are marked so.
    """
    found: list[CheckFact] = []
    capture = None
    for number, letter in enumerate(letters, 1):
        at = T0 + (number - 1) * step
        version = KINDS.get(letter, found[-1].version if letter == "=" else None)
        own = capture if letter == "=" else None if letter == "f" else number
        capture = number if letter in KINDS else capture
        quality = {"w": "blocked", "g": "gone", "f": "", "o": "", "=": "not-modified"}.get(letter, "ok")
        outcome = {"=": "not-modified", "f": "failure"}.get(letter, "capture")
        is_new = version is not None and version != next((one.version for one in found[::-1] if one.version), None)
        content = "none" if version is None else "changed" if is_new else "same"
        border, needed = (number in marks.get(name, ()) for name in ("border", "needed"))
        found.append(CheckFact(number, at, at, 1, outcome, quality, content, "r1", version, "{}", own, border, needed))
    return found


def gone(letters: str, before: datetime = LATER, every: timedelta = DAY, **marks: set[int]) -> dict[int, int]:
    return {one.capture: one.stand_in for one in thinned(facts(letters, **marks), before, every)}


def test_of_captures_that_differ_in_noise_one_a_day_stays() -> None:
    went = gone("A" * 30)
    assert set(range(1, 31)) - set(went) == {1, 17}
    assert {went[number] for number in range(2, 17)} == {1}
    assert {went[number] for number in range(18, 31)} == {17}
    assert set(range(1, 31)) - set(gone("A" * 30, every=4 * HOUR)) == {1, 5, 9, 13, 17, 21, 25, 29}


def test_the_first_of_each_run_of_a_version_stays_and_trouble_in_between_ends_none() -> None:
    assert gone("AABBAA") == {2: 1, 4: 3, 6: 5}
    assert gone("AfwwfAoA") == {6: 1, 8: 1}


def test_what_is_needed_stays_and_stands_for_what_comes_after_it() -> None:
    assert gone("AAAAA", needed={3, 5}) == {2: 1, 4: 3}


def test_what_is_young_stays() -> None:
    assert gone("AAAA", before=T0 + 2 * HOUR) == {2: 1}
    assert gone("wwww", before=T0 + 2 * HOUR) == {2: 1}


def test_of_a_run_of_bad_captures_of_one_kind_the_first_and_the_last_stay() -> None:
    assert gone("wwww") == {2: 1, 3: 1}
    assert gone("wwwwgggg") == {2: 1, 3: 1, 6: 5, 7: 5}
    assert gone("wfwofw") == {3: 1}
    assert gone("wwAww") == gone("wdw") == {}
    assert gone("wwww", needed={2}) == {3: 1}
    assert [one.is_bad for one in thinned(facts("AAwww"), LATER, DAY)] == [False, True]


def test_a_capture_that_a_304_stands_for_goes_like_any_other_and_one_of_another_version_begins_a_run_anew() -> None:
    assert gone("AA=A") == {2: 1, 4: 1}
    late = facts("AB=A")
    assert late[2].capture == 2
    late[3] = CheckFact(4, T0 + 3 * HOUR, T0 + 3 * HOUR, 1, "not-modified", "", "same", "r1", 1, "{}", 1, False, False)
    assert thinned([*late, facts("AAAAB")[4]], LATER, DAY) == []
    assert gone("ABA=") == {}


def test_a_304_never_lets_the_capture_go_that_it_stands_for() -> None:
    one, two = facts("AA")
    before = CheckFact(3, T0 - HOUR, T0 - HOUR, 1, "not-modified", "", "same", "r1", 1, "{}", 2, False, False)
    assert [(gone.capture, gone.stand_in) for gone in thinned([before, one, two], LATER, DAY)] == [(1, 2)]


def test_thinning_twice_finds_nothing_more() -> None:
    for letters in ("A" * 30, "AAwwwwAA=AA", "wwwwww", "ABABAABBA"):
        first = thinned(facts(letters), LATER, DAY)
        assert thinned(stood_in(facts(letters), first), LATER, DAY) == []


def same(letters: str, **marks: set[int]) -> list[CheckFact]:
    """Checks that stand for the first capture where they show version A."""
    checks = facts(letters, **marks)
    return stood_in(checks, [Thinning(number, 1, False) for number in range(2, len(letters) + 1)])


def test_checks_in_a_row_that_found_nothing_new_become_one_row() -> None:
    assert rolled(same("AAAA"), LATER) == [Rolling(2, T0 + 3 * HOUR, 3, (3, 4))]


def test_what_found_something_or_ends_something_stays_a_row_of_its_own() -> None:
    assert rolled(same("AAfAA"), LATER) == [Rolling(4, T0 + 4 * HOUR, 2, (5,))]
    assert rolled(same("AAAAA", border={4}), LATER) == [Rolling(2, T0 + 2 * HOUR, 2, (3,))]
    assert rolled(facts("AAAA"), LATER) == []


def test_no_row_is_longer_than_a_day_of_asia_shanghai_and_none_is_young() -> None:
    runs = rolled(same("A" * 40), LATER)
    assert [(one.id, one.checks) for one in runs] == [(2, 15), (17, 24)]
    assert [one.checks for one in rolled(same("A" * 40), T0 + 20 * HOUR)] == [15, 4]


def test_rows_that_stand_for_several_are_added_up() -> None:
    first, *rest = same("AAAA")
    (one,) = rolled([first, *rest], LATER)
    again = CheckFact(2, T0 + HOUR, one.last_at, one.checks, "capture", "ok", "same", "r1", 1, "{}", 1, False, False)
    more = CheckFact(9, T0 + 5 * HOUR, T0 + 5 * HOUR, 1, "capture", "ok", "same", "r1", 1, "{}", 1, False, False)
    assert rolled([first, again, more], LATER) == [Rolling(2, T0 + 5 * HOUR, 4, (9,))]

"""The work of a difference is bounded, whatever the page says: measured against a baseline in the same run."""

import pytest

from bench.diffing import EDITED, FEW_LETTERS, ONE_PARAGRAPH, REWRITTEN, baseline, measure, shapes

# Counting the characters of 1 MB one by one takes 15 to 20 ms. Measured: 1.3, 7, 24 and 60 times that, where the
# work once grew with the square 100 to 6,000; the bounds leave room for a tracer that slows the two differently.
MOST_TIMES = {EDITED: 10, ONE_PARAGRAPH: 40, REWRITTEN: 120, FEW_LETTERS: 400}


@pytest.mark.parametrize("shape", MOST_TIMES)
def test_1_mb_against_1_mb_is_compared_within_bounds(shape: str) -> None:
    took, diff = measure(*shapes()[shape]())
    assert took < MOST_TIMES[shape] * baseline()
    assert diff.is_rewritten is (shape in (REWRITTEN, FEW_LETTERS))
    assert not (diff.is_coarse and shape in (EDITED, ONE_PARAGRAPH))

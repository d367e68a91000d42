"""How much of a torture battery runs: a bounded sample, or all of it under `make torture`."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

WHOLE = os.environ.get("GOVWATCH_TORTURE") == "whole"

_Point = TypeVar("_Point")
_Found = TypeVar("_Found")


def sample(points: Sequence[_Point], most: int) -> Sequence[_Point]:
    """Return all points, or so many of them spread evenly."""
    if WHOLE or len(points) <= most:
        return points
    return [points[(2 * number + 1) * len(points) // (2 * most)] for number in range(most)]


def side_by_side(
    work: Callable[[_Point], _Found], points: Sequence[_Point], workers: int = os.cpu_count() or 1
) -> list[_Found]:
    """Return what work finds at each point, so many at a time."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, points))


def tell(figure: str) -> None:
    """Print one line with a battery's figure."""
    print(f"\n{figure}", flush=True)

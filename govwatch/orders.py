"""What a worker is told to do, and what it answers."""

from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from config.settings import Settings
from core.model import FetchPlan
from govwatch.recording import Finding
from storage.rows import PageRow


@dataclass(frozen=True, slots=True)
class Begin:
    """The first order: what to work under."""

    settings: Settings
    database: Path


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch a page and read what comes."""

    plan: FetchPlan
    page: PageRow


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Leave a page alone."""

    page: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Let what is under way finish for so long, answer all the rest as cancelled, and end."""

    grace_s: float


Order = Begin | Fetch | GiveUp | Stop

Answer = tuple[int, tuple[Any, ...]]
"""The number of a page, and its finding without the page, which whoever ordered it has."""

_found = attrgetter(*(field.name for field in fields(Finding)[1:]))


def answer(finding: Finding) -> Answer:
    """Return a finding as an answer."""
    return finding.page.id, _found(finding)


def finding(page: PageRow, found: tuple[Any, ...]) -> Finding:
    """Return the finding of an answer."""
    return Finding(page, *found)

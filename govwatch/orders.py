"""What a worker is told to do, and what it answers."""

from operator import attrgetter
from pathlib import Path
from typing import Any

from msgspec import Struct

from config.settings import Settings
from core.model import FetchPlan
from govwatch.recording import Finding
from storage.rows import PageRow


class Begin(Struct, frozen=True):
    """The first order: what to work under."""

    settings: Settings
    database: Path


class Fetch(Struct, frozen=True):
    """Fetch a page and read what comes."""

    plan: FetchPlan
    page: PageRow


class GiveUp(Struct, frozen=True):
    """Leave a page alone."""

    page: int


class Stop(Struct, frozen=True):
    """Let what is under way finish for so long, answer all the rest as cancelled, and end."""

    grace_s: float


Order = Begin | Fetch | GiveUp | Stop

Answer = tuple[int, tuple[Any, ...]]
"""The number of a page, and its finding without the page, which whoever ordered it has."""

_found = attrgetter(*Finding.__struct_fields__[1:])


def answer(finding: Finding) -> Answer:
    """Return a finding as an answer."""
    return finding.page.id, _found(finding)


def finding(page: PageRow, found: tuple[Any, ...]) -> Finding:
    """Return the finding of an answer."""
    return Finding(page, *found)

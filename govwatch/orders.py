"""What a worker is told to do, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from core.model import FetchPlan, Outcome, Reading
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

Answer = tuple[int, Outcome, datetime, Reading | None]
"""The page, what came of it and when, and what it says where that was read."""

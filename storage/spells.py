"""From the ordered good checks of a page to its spells: one fold, used wherever checks do not come in order."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace


class Sighting(Struct, frozen=True):
    """A good check: when (text of the database), which version the page showed, by which capture.

    Version None: the page was found removed or moved, which ends a spell.
    """

    at: str
    version: int | None
    capture: int | None


class Spell(Struct, frozen=True):
    """An unbroken run of sightings of one version."""

    version: int
    first_seen_at: str
    last_seen_at: str
    first_capture: int | None
    last_capture: int | None


def spells_of(sightings: Iterable[Sighting]) -> list[Spell]:
    """Return the spells of sightings ordered by time."""
    spells: list[Spell] = []
    is_open = False
    for seen in sightings:
        if seen.version is None:
            is_open = False
        elif is_open and spells[-1].version == seen.version:
            spells[-1] = replace(spells[-1], last_seen_at=seen.at, last_capture=seen.capture)
        else:
            spells.append(Spell(seen.version, seen.at, seen.at, seen.capture, seen.capture))
            is_open = True
    return spells

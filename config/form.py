"""A configuration being read: typed look-ups that collect what is wrong instead of stopping at it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from config.lines import KeyPath, line_of
from config.nearest import nearest
from config.schedule import parse_duration

_KINDS: dict[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    dict: "a table",
    list: "a list",
}

T = TypeVar("T")
Table = dict[str, Any]


@dataclass
class Form:
    """The text of a configuration, its path for messages, and the problems found so far.

    In all look-ups `table` stands at the key path `where`, and `usual` is the value where the file gives none.
    """

    path: str
    text: str
    problems: list[str] = field(default_factory=list)

    def known(self, table: Table, where: KeyPath, keys: tuple[str, ...]) -> bool:
        """Tell the keys of `table` that are not among `keys`; return whether there are none."""
        unknown = [key for key in table if key not in keys]
        for key in unknown:
            near = nearest(key, keys)
            hint = f"did you mean {near!r}?" if near else f"known here: {', '.join(keys)}"
            self.problem((*where, key), f"unknown key; {hint}")
        return not unknown

    def get(self, table: Table, where: KeyPath, key: str, kind: type[T], usual: T) -> T:
        """Return the value of `key`; `usual` where there is none or one of another kind, which is told."""
        value = table.get(key, usual)
        if type(value) is not kind:
            self.wrong_kind((*where, key), kind, value)
            return usual
        return value

    def filled(self, table: Table, where: KeyPath, key: str, usual: str) -> str:
        """Return a text that may not be empty where it is given."""
        text = self.get(table, where, key, str, usual).strip()
        if not text and isinstance(table.get(key), str):
            self.problem((*where, key), "is empty; fill it in")
        return text

    def parsed(self, table: Table, where: KeyPath, key: str, parse: Callable[[str], T], usual: T) -> T:
        """Return the text of `key` as `parse` reads it; `usual` where it is missing or raises ValueError."""
        if key not in table:
            return usual
        value = table[key]
        if type(value) is not str:
            self.wrong_kind((*where, key), str, value)
            return usual
        try:
            return parse(value)
        except ValueError as error:
            self.problem((*where, key), str(error))
        return usual

    def each(
        self, table: Table, where: KeyPath, key: str, parse: Callable[[str], str], usual: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return the texts of a list as `parse` reads them, without those that are wrong."""
        if key not in table:
            return usual
        # Each value as a table of its own, so that every wrong one is told, at the line of the list.
        found = (self.parsed({key: value}, where, key, parse, "") for value in self.get(table, where, key, list, []))
        return tuple(value for value in found if value)

    def seconds(self, table: Table, where: KeyPath, key: str, usual: float, least: int = 0) -> float:
        """Return a duration in seconds."""
        seconds = self.parsed(table, where, key, parse_duration, usual)
        if seconds < least:
            self.problem((*where, key), f"must be at least {least}s")
        return seconds

    def count(self, table: Table, where: KeyPath, key: str, usual: int, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        count = self.get(table, where, key, int, usual)
        if not low <= count <= high:
            self.problem((*where, key), f"must be {low} to {high}, not {count}")
        return count

    def problem(self, where: KeyPath, said: str) -> None:
        """Add a problem at the line of the key `where`."""
        named = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in where).lstrip(".")
        self.problems.append(f"{self.path}:{line_of(self.text, where)}: {named}: {said}")

    def wrong_kind(self, where: KeyPath, kind: type, value: object) -> None:
        """Tell that the value at `where` is not of `kind`."""
        self.problem(where, f"must be {_KINDS[kind]}, not {value!r}")

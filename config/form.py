"""A configuration being read: typed look-ups that collect what is wrong instead of stopping at it."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from config.lines import KeyPath, key_lines, line_of
from config.nearest import nearest
from config.schedule import LONGEST_S, parse_duration

_KINDS: dict[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    dict: "a table",
    list: "a list",
}

T = TypeVar("T")
Usual = TypeVar("Usual")


class Form:
    """The text of a configuration, its path for messages, its sections, and the problems found so far."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self._sections: list[Section] = []
        self._problems: list[tuple[int, str]] = []

    def section(self, values: dict[str, Any], where: KeyPath = ()) -> "Section":
        """Return the table that stands at `where` as a section of this form."""
        section = Section(self, values, where)
        self._sections.append(section)
        return section

    def problem(self, where: KeyPath, said: str, place: str = "") -> None:
        """Add a problem of the key `where`; `place` is where it comes from, unless that is the key's own line."""
        line = self.line(where)
        named = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in where).lstrip(".")
        self._problems.append((line, f"{place or f'{self.path}:{line}: {named}'}: {said}"))

    def line(self, where: KeyPath) -> int:
        """Return the line of a key."""
        return line_of(where, self._lines)

    def finish(self) -> tuple[str, ...]:
        """Return every problem, in the order of the lines, unknown keys included. Called when all is read."""
        for section in self._sections:
            section.tell_unknown()
        return tuple(said for _, said in sorted(self._problems, key=lambda problem: problem[0]))

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return key_lines(self.text)


class Section:
    """One table of a configuration. A key that is never asked for is an unknown one.

    `usual` is the value where the section gives none, or a wrong one, which is told.
    """

    def __init__(self, form: Form, values: dict[str, Any], where: KeyPath) -> None:
        self.form, self.values, self.where = form, values, where
        self._asked: dict[str, None] = {}

    def __contains__(self, key: str) -> bool:
        self._asked[key] = None
        return key in self.values

    def get(self, key: str, kind: type[T], usual: Usual) -> T | Usual:
        """Return the value of `key`, which must be of `kind`."""
        return self._checked(key, self.values[key], kind, usual) if key in self else usual

    def table(self, key: str) -> "Section | None":
        """Return the table `key` as a section; None where there is none."""
        values = self.get(key, dict, None)
        return None if values is None else self.form.section(values, (*self.where, key))

    def parsed(self, key: str, parse: Callable[[str], T], usual: T) -> T:
        """Return the text of `key` as `parse` reads it, which raises ValueError where it cannot."""
        return self._parsed(key, self.values[key], parse, usual) if key in self else usual

    def each(self, key: str, parse: Callable[[str], str], usual: tuple[str, ...]) -> tuple[str, ...]:
        """Return the texts of a list as `parse` reads them, without those that are wrong or empty."""
        if key not in self:
            return usual
        found = [self._parsed(key, value, parse, "") for value in self.get(key, list, [])]
        return tuple(value for value in found if value)

    def seconds(self, key: str, usual: float, least: int = 0) -> float:
        """Return a duration in seconds."""
        seconds = self.parsed(key, parse_duration, usual)
        if not least <= seconds <= LONGEST_S:
            self.problem(key, f"must be {least}s to {LONGEST_S // 86400}d")
        return seconds

    def count(self, key: str, usual: int, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        count = self.get(key, int, usual)
        if not low <= count <= high:
            self.problem(key, f"must be {low} to {high}, not {count}")
        return count

    def problem(self, key: str, said: str) -> None:
        """Add a problem of `key`."""
        self.form.problem((*self.where, key), said)

    def tell_unknown(self) -> None:
        """Tell the keys that were never asked for, each with the near miss it may be."""
        for key in [key for key in self.values if key not in self._asked]:
            near = nearest(key, tuple(self._asked))
            hint = f"did you mean {near!r}?" if near else f"known here: {', '.join(self._asked)}"
            self.problem(key, f"unknown key; {hint}")

    def _checked(self, key: str, value: object, kind: type[T], usual: Usual) -> T | Usual:
        # `isinstance` would take true for a number.
        if type(value) is kind:
            return value
        # Written as JSON, which is how TOML writes it too, or nearly.
        self.problem(key, f"must be {_KINDS[kind]}, not {json.dumps(value, ensure_ascii=False, default=str)}")
        return usual

    def _parsed(self, key: str, value: object, parse: Callable[[str], T], usual: T) -> T:
        text = self._checked(key, value, str, None)
        if text is None:
            return usual
        try:
            return parse(text)
        except ValueError as error:
            self.problem(key, str(error))
            return usual

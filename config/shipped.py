"""The shipped profiles and rules, and the user's own beside them, loaded from TOML into frozen values."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from core.errors import RuleError
from core.profile import Example, Profile, Rule

_SHIPPED = Path(__file__).parent


class Library(Struct, frozen=True, eq=False):
    """All profiles and rules there are to read pages with; one library is equal to itself alone, quickly."""

    profiles: tuple[Profile, ...]
    rules: tuple[Rule, ...]


def load_library(rules_dir: str = "") -> Library:
    """Return the shipped profiles and rules, with those of a user's folder added.

    The folder holds `profiles/*.toml` and `rules/*.toml`; what has the name or id of a shipped one replaces
    it. Raises RuleError with the file, and what is wrong in it.
    """
    profiles: dict[str, Profile] = {}
    rules: dict[str, Rule] = {}
    for root in (_SHIPPED, *([Path(rules_dir)] if rules_dir else [])):
        for file, table in _tables(root / "profiles"):
            profile = _profile(file, table)
            profiles[profile.name] = profile
        for file, table in _tables(root / "rules"):
            for entry in table.get("rule", []):
                rule = _rule(file, entry)
                rules[rule.id] = rule
    return Library(tuple(profiles.values()), tuple(rules.values()))


def _tables(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of the TOML files in `folder`, by name; nothing where there is no such folder."""
    if not folder.is_dir():
        return
    for file in sorted(folder.glob("*.toml")):
        try:
            yield str(file), tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise RuleError(file.name, f"{file} cannot be read: {error}") from error


def _profile(file: str, table: dict[str, Any]) -> Profile:
    _check_keys(Profile, file, table)
    return Profile(
        name=_text(file, table, "name"),
        hosts=_texts(file, table, "hosts"),
        marker=str(table.get("marker", "")),
        drop=_texts(file, table, "drop"),
        fields=tuple((name, _texts(file, table["fields"], name)) for name in table.get("fields", {})),
    )


def _rule(file: str, entry: dict[str, Any]) -> Rule:
    _check_keys(Rule, file, entry)
    pairs = entry.get("examples", [])
    values = {key: value for key, value in entry.items() if key in ("kind", "scope", "tells")}
    for key in ("id", "why", "pattern"):
        values[key] = _text(file, entry, key)
    examples = tuple(Example(_texts(file, pair, "before"), _texts(file, pair, "after")) for pair in pairs)
    return Rule(**values, examples=examples)


def _check_keys(kind: type[Profile | Rule], file: str, table: dict[str, Any]) -> None:
    known = set(kind.__struct_fields__)
    for key in table:
        if key not in known:
            raise RuleError(_name(table), f"{file}: there is no key {key!r}; there are: {', '.join(sorted(known))}")


def _text(file: str, table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleError(_name(table), f"{file}: the key {key!r} must be a text and is missing or empty")
    return value


def _texts(file: str, table: dict[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise RuleError(_name(table), f"{file}: the key {key!r} must be a list of texts")
    return tuple(value)


def _name(table: dict[str, Any]) -> str:
    return str(table.get("id") or table.get("name") or "without a name")

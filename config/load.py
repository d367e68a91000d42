"""Reading `govwatch.toml` into frozen settings; everything that is wrong is told at once, with its line."""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from config.lines import line_of
from config.nearest import nearest
from config.schedule import cron, parse_duration, parse_every, parse_zone
from config.settings import DEFAULT_ZONE, ONCE_A_DAY, AbsencePolicy, CrawlSettings, Schedule, Settings, Target
from core.errors import ConfigError
from core.model import FIELDS

_SIZES = {"KiB": 1024, "MiB": 1024**2}
_TOP = ("database", "rules_dir", "crawl", "absence", "defaults", "target")
_CRAWL = (
    "contact",
    "obey_robots",
    "delay",
    "concurrency",
    "concurrency_per_host",
    "timeout",
    "deadline",
    "max_size",
    "retries",
    "retry_wait",
    "allow_networks",
)
_ABSENCE = ("confirmations", "hold")
_DEFAULTS = ("profile", "schedule", "watch", "labels", "headers", "cookies", "proxy", "tls")
_TARGET = ("name", "url", "urls", "urls_from", *_DEFAULTS)

T = TypeVar("T")


def load_settings(path: Path) -> Settings:
    """Read a configuration file. Raises ConfigError with every problem in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), (f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8",)) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise ConfigError(str(path), (f"{path}: cannot be read: {said}; check the path, or write one with `govwatch init`",)) from error
    return parse_settings(text, str(path))


def parse_settings(text: str, path: str) -> Settings:
    """Read the text of a configuration; `path` is for messages and for files named in it. Raises ConfigError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, (f"{path}: is not TOML: {error}",)) from error
    form = _Form(path, text)
    settings = form.settings(table)
    if form.problems:
        raise ConfigError(path, tuple(form.problems))
    return settings


@dataclass
class _Form:
    """One pass over a configuration that collects what is wrong instead of stopping at it."""

    path: str
    text: str
    problems: list[str] = field(default_factory=list)

    def settings(self, table: dict[str, Any]) -> Settings:
        self._known(table, (), _TOP)
        defaults = self._table(table, (), "defaults")
        self._known(defaults, ("defaults",), _DEFAULTS)
        targets = self._targets(table, defaults)
        return Settings(
            path=self.path,
            database=self._get(table, (), "database", str, Settings().database),
            crawl=self._crawl(self._table(table, (), "crawl")),
            absence=self._absence(self._table(table, (), "absence")),
            targets=targets,
            rules_dir=self._rules_dir(table),
        )

    def _crawl(self, table: dict[str, Any]) -> CrawlSettings:
        where, usual = ("crawl",), CrawlSettings()
        self._known(table, where, _CRAWL)
        return CrawlSettings(
            contact=self._get(table, where, "contact", str, usual.contact),
            obey_robots=self._get(table, where, "obey_robots", bool, usual.obey_robots),
            delay_s=self._seconds(table, where, "delay", usual.delay_s),
            concurrency=self._count(table, where, "concurrency", usual.concurrency, 1, 256),
            concurrency_per_host=self._count(table, where, "concurrency_per_host", usual.concurrency_per_host, 1, 16),
            timeout_s=self._seconds(table, where, "timeout", usual.timeout_s, least=1),
            deadline_s=self._seconds(table, where, "deadline", usual.deadline_s, least=1),
            max_bytes=self._parsed(table, where, "max_size", _bytes, usual.max_bytes),
            retries=self._count(table, where, "retries", usual.retries, 0, 10),
            retry_wait_s=self._seconds(table, where, "retry_wait", usual.retry_wait_s),
            allow_networks=self._each(table, where, "allow_networks", _network),
        )

    def _absence(self, table: dict[str, Any]) -> AbsencePolicy:
        where, usual = ("absence",), AbsencePolicy()
        self._known(table, where, _ABSENCE)
        return AbsencePolicy(
            confirmations=self._count(table, where, "confirmations", usual.confirmations, 1, 100),
            hold_s=int(self._seconds(table, where, "hold", usual.hold_s)),
        )

    def _rules_dir(self, table: dict[str, Any]) -> str:
        named = self._get(table, (), "rules_dir", str, "")
        folder = Path(self.path).parent / named
        if named and not folder.is_dir():
            self._problem((), "rules_dir", f"there is no folder {folder}")
        return str(folder) if named else ""

    def _targets(self, table: dict[str, Any], defaults: dict[str, Any]) -> tuple[Target, ...]:
        entries = table.get("target", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._problem((), "target", "targets are written as [[target]] tables")
            return ()
        targets: list[Target] = []
        for number, entry in enumerate(entries):
            targets += self._target(("target", number), entry, defaults)
        seen: dict[str, str] = {}
        for target in targets:
            if target.url in seen:
                self.problems.append(f"{self.path}: {target.url} is listed twice ({seen[target.url]} and {target.name}); list it once")
            seen[target.url] = target.name
        return tuple(targets)

    def _target(self, where: tuple[str | int, ...], entry: dict[str, Any], defaults: dict[str, Any]) -> list[Target]:
        self._known(entry, where, _TARGET)
        name = self._get(entry, where, "name", str, "")
        if not name.strip():
            self._problem(where, "name", "a target needs a name")
        elif name.isdigit():
            self._problem(where, "name", f"the name {name!r} is a number; pages are numbered, so give it letters")
        merged = defaults | entry
        urls = self._urls(where, entry)
        return [
            Target(
                name=name,
                url=url,
                profile=self._get(merged, where, "profile", str, ""),
                schedule=self._parsed(merged, where, "schedule", _schedule, ONCE_A_DAY),
                watch=self._each(merged, where, "watch", _watched) or FIELDS,
                labels=self._each(merged, where, "labels", str.strip),
                headers=self._pairs(merged, where, "headers"),
                cookies=self._pairs(merged, where, "cookies"),
                proxy=self._secret(merged, where, "proxy"),
                accept_invalid_tls=self._parsed(merged, where, "tls", _tls, False),
            )
            for url in urls
        ]

    def _urls(self, where: tuple[str | int, ...], entry: dict[str, Any]) -> list[str]:
        given = [key for key in ("url", "urls", "urls_from") if key in entry]
        if len(given) != 1:
            said = "a target needs one of url, urls and urls_from" if not given else f"give only one of {', '.join(given)}"
            self._problem(where, given[-1] if given else "name", said)
            return []
        if given[0] == "urls":
            return list(self._each(entry, where, "urls", check_url))
        if given[0] == "url":
            url = self._parsed(entry, where, "url", check_url, "")
            return [url] if url else []
        return self._urls_from(where, self._get(entry, where, "urls_from", str, ""))

    def _urls_from(self, where: tuple[str | int, ...], named: str) -> list[str]:
        file = Path(self.path).parent / named
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            self._problem(where, "urls_from", f"{file} cannot be read: {error}")
            return []
        urls = []
        for number, line in enumerate(lines, start=1):
            if address := line.partition(" #")[0].strip().removeprefix("\ufeff"):
                if not address.startswith("#"):
                    try:
                        urls.append(check_url(address))
                    except ValueError as error:
                        self.problems.append(f"{file}:{number}: {error}")
        return urls

    def _known(self, table: dict[str, Any], where: tuple[str | int, ...], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                near = nearest(key, keys)
                hint = f"did you mean {near!r}?" if near else f"known here: {', '.join(keys)}"
                self._problem(where, key, f"unknown key; {hint}")

    def _table(self, table: dict[str, Any], where: tuple[str | int, ...], key: str) -> dict[str, Any]:
        return self._get(table, where, key, dict, {})

    def _get(self, table: dict[str, Any], where: tuple[str | int, ...], key: str, kind: type[T], usual: T) -> T:
        value = table.get(key, usual)
        if type(value) is not kind:
            self._problem(where, key, f"must be {_KINDS[kind]}, not {value!r}")
            return usual
        return value

    def _parsed(self, table: dict[str, Any], where: tuple[str | int, ...], key: str, parse: Callable[[Any], T], usual: T) -> T:
        if key not in table:
            return usual
        try:
            return parse(table[key])
        except ValueError as error:
            self._problem(where, key, str(error))
        except (TypeError, AttributeError):
            self._problem(where, key, f"cannot be {table[key]!r}; see `govwatch init` for an example")
        return usual

    def _each(self, table: dict[str, Any], where: tuple[str | int, ...], key: str, parse: Callable[[str], str]) -> tuple[str, ...]:
        values = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self._problem(where, key, "must be a list of texts")
            return ()
        found = (self._parsed({key: value}, where, key, parse, "") for value in values)
        return tuple(value for value in found if value)

    def _pairs(self, table: dict[str, Any], where: tuple[str | int, ...], key: str) -> tuple[tuple[str, str], ...]:
        pairs = self._get(table, where, key, dict, {})
        return tuple((name, self._secret(pairs, (*where, key), name)) for name in pairs)

    def _secret(self, table: dict[str, Any], where: tuple[str | int, ...], key: str) -> str:
        """Return a text, or the value of the environment variable that `env:NAME` names."""
        value = self._get(table, where, key, str, "")
        if not value.startswith("env:"):
            return value
        found = os.environ.get(value.removeprefix("env:"))
        if found is None:
            self._problem(where, key, f"the environment has no {value.removeprefix('env:')}; set it before the start")
        return found or ""

    def _seconds(self, table: dict[str, Any], where: tuple[str | int, ...], key: str, usual: float, least: int = 0) -> float:
        seconds = self._parsed(table, where, key, parse_duration, usual)
        if seconds < least:
            self._problem(where, key, f"must be at least {least}s")
        return seconds

    def _count(self, table: dict[str, Any], where: tuple[str | int, ...], key: str, usual: int, low: int, high: int) -> int:
        count = self._get(table, where, key, int, usual)
        if not low <= count <= high:
            self._problem(where, key, f"must be {low} to {high}, not {count}")
        return count

    def _problem(self, where: tuple[str | int, ...], key: str, said: str) -> None:
        line = line_of(self.text, where, key)
        named = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in (*where, key)).lstrip(".")
        problem = f"{self.path}:{line}: {named}: {said}"
        if problem not in self.problems:
            self.problems.append(problem)


_KINDS: dict[type, str] = {str: "a text", bool: "true or false", int: "a whole number", dict: "a table"}


def check_url(url: str) -> str:
    """Return an address that can be watched. Raises ValueError that says what is missing."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} is not an address: {error}") from error
    if parts.scheme not in ("http", "https"):
        hint = f"write https://{url}" if "://" not in url and not parts.scheme.startswith(("file", "ftp", "data")) else "only http and https are fetched"
        raise ValueError(f"{url!r} has no http:// or https:// in front; {hint}")
    if not host or any(character.isspace() for character in url):
        raise ValueError(f"{url!r} is not an address: it has {'white space inside' if host else 'no host'}")
    return parts._replace(fragment="").geturl()


def _schedule(value: Any) -> Schedule:
    if not isinstance(value, dict):
        raise ValueError('must be { every = "30m" } or { cron = "0 8 * * 1-5" }')
    for key in value:
        if key not in ("every", "cron", "zone"):
            raise ValueError(f"unknown key {key!r}; known here: every, cron, zone")
    if ("every" in value) == ("cron" in value):
        raise ValueError("needs one of every and cron")
    if "every" in value:
        if "zone" in value:
            raise ValueError("a zone goes with cron, not with every")
        return parse_every(value["every"])
    parse_zone(value.get("zone", DEFAULT_ZONE.key))
    return cron(value["cron"], value.get("zone", DEFAULT_ZONE.key))


def _bytes(text: str) -> int:
    number, unit = text[:-3].strip(), text[-3:]
    if unit not in _SIZES or not number.isdigit() or int(number) < 1:
        raise ValueError(f"{text!r} is not a size; write for example 8MiB or 512KiB")
    return int(number) * _SIZES[unit]


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network: {error}; write for example 127.0.0.0/8") from error


def _watched(name: str) -> str:
    if name not in FIELDS:
        near = nearest(name, FIELDS)
        raise ValueError(f"there is no field {name!r}; " + (f"did you mean {near!r}?" if near else f"there are: {', '.join(FIELDS)}"))
    return name


def _tls(value: str) -> bool:
    if value not in ("verify", "accept-invalid"):
        raise ValueError(f'must be "verify" or "accept-invalid", not {value!r}')
    return value == "accept-invalid"

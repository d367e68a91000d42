"""Reading the `[[target]]` tables and their `[defaults]`: which pages are watched, and how."""

import os
from dataclasses import replace
from pathlib import Path

from config.form import Form, Table
from config.lines import KeyPath, line_of
from config.schedule import cron, parse_every, parse_zone
from config.settings import DEFAULT_ZONE, Schedule, Target
from config.values import check_name, check_proxy, check_url, parse_field, parse_tls

_DEFAULTS = ("profile", "schedule", "watch", "labels", "headers", "cookies", "proxy", "tls")
_URLS = ("url", "urls", "urls_from")
_TARGET = ("name", *_URLS, *_DEFAULTS)
_SCHEDULE = ("every", "cron", "zone")


def read_defaults(form: Form, table: Table) -> Target:
    """Return the target that the table `[defaults]` describes, without name and address."""
    form.known(table, ("defaults",), _DEFAULTS)
    return _options(form, table, ("defaults",), Target(name="", url=""))


def read_targets(form: Form, table: Table, defaults: Target) -> tuple[Target, ...]:
    """Return one target for each address of the `[[target]]` tables, on top of `defaults`."""
    entries = table.get("target", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        form.problem(("target",), "must be written as [[target]], with two brackets")
        return ()
    targets: list[Target] = []
    names: dict[str, int] = {}
    urls: dict[str, int] = {}
    for number, entry in enumerate(entries):
        where = ("target", number)
        name = _name(form, entry, where)
        _once(form, names, name, (*where, "name"), f"the name {name!r}")
        form.known(entry, where, _TARGET)
        options = _options(form, entry, where, defaults)
        for key, url in _urls(form, entry, where):
            _once(form, urls, url, (*where, key), url)
            targets.append(replace(options, name=name, url=url))
    return tuple(targets)


def _once(form: Form, seen: dict[str, int], value: str, where: KeyPath, named: str) -> None:
    line = line_of(form.text, where)
    if value and value in seen:
        form.problem(where, f"{named} is in line {seen[value]} already; give it once")
    seen.setdefault(value, line)


def _name(form: Form, entry: Table, where: KeyPath) -> str:
    if "name" not in entry:
        form.problem(where, 'has no name; write for example name = "notices"')
        return ""
    name = form.filled(entry, where, "name", "")
    if name.isdecimal():
        form.problem((*where, "name"), f"{name!r} is a number, which pages have of their own; give it letters")
    return name


def _options(form: Form, table: Table, where: KeyPath, usual: Target) -> Target:
    """Return the target `usual` with what `table` says otherwise."""
    return replace(
        usual,
        profile=form.get(table, where, "profile", str, usual.profile),
        schedule=_schedule(form, table, where, usual.schedule),
        watch=_watch(form, table, where, usual.watch),
        labels=form.each(table, where, "labels", str.strip, usual.labels),
        headers=_pairs(form, table, where, "headers", usual.headers),
        cookies=_pairs(form, table, where, "cookies", usual.cookies),
        proxy=_proxy(form, table, where, usual.proxy),
        accept_invalid_tls=form.parsed(table, where, "tls", parse_tls, usual.accept_invalid_tls),
    )


def _schedule(form: Form, table: Table, where: KeyPath, usual: Schedule) -> Schedule:
    inner, where = form.get(table, where, "schedule", dict, {}), (*where, "schedule")
    if not form.known(inner, where, _SCHEDULE) or not isinstance(table.get("schedule"), dict):
        return usual
    if ("every" in inner) == ("cron" in inner):
        form.problem(where, 'must be either { every = "30m" } or { cron = "0 8 * * mon-fri" }')
        return usual
    if "every" in inner:
        if "zone" in inner:
            form.problem((*where, "zone"), "goes with cron and not with every; take it out")
        return form.parsed(inner, where, "every", parse_every, usual)
    zone = form.parsed(inner, where, "zone", parse_zone, DEFAULT_ZONE)
    return form.parsed(inner, where, "cron", lambda line: cron(line, zone.key), usual)


def _watch(form: Form, table: Table, where: KeyPath, usual: tuple[str, ...]) -> tuple[str, ...]:
    if table.get("watch") == []:
        form.problem((*where, "watch"), "is empty, so no change would be told; leave it out to watch every field")
    return form.each(table, where, "watch", parse_field, usual)


def _urls(form: Form, entry: Table, where: KeyPath) -> list[tuple[str, str]]:
    """Return each address of a target with the key it came from."""
    given = [key for key in _URLS if key in entry]
    if len(given) != 1:
        said = f"has {' and '.join(given)}; give only one" if given else "has no address; give url, urls or urls_from"
        form.problem(where, said)
        return []
    key = given[0]
    if key == "url":
        urls: tuple[str, ...] = (form.parsed(entry, where, key, check_url, ""),)
    elif key == "urls":
        urls = form.each(entry, where, key, check_url, ())
    else:
        urls = _urls_from(form, entry, where)
    if not urls and not entry[key]:
        form.problem((*where, key), "is empty; give an address, or take the target out")
    return [(key, url) for url in urls if url]


def _urls_from(form: Form, entry: Table, where: KeyPath) -> tuple[str, ...]:
    named = form.get(entry, where, "urls_from", str, "")
    if not named:
        return ()
    file = Path(form.path).parent / named
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        form.problem((*where, "urls_from"), f"{file} is not UTF-8 (byte {error.start}); save it as UTF-8")
        return ()
    except OSError as error:
        form.problem((*where, "urls_from"), f"{file} cannot be read: {error.strerror or error}; check the path")
        return ()
    listed = [(number, line.strip().partition(" #")[0]) for number, line in enumerate(lines, start=1)]
    urls = [_listed(form, file, number, url) for number, url in listed if url and not url.startswith("#")]
    if not urls:
        form.problem((*where, "urls_from"), f"{file} has no address in it; write one on each line")
    return tuple(urls)


def _listed(form: Form, file: Path, number: int, url: str) -> str:
    try:
        return check_url(url)
    except ValueError as error:
        form.problems.append(f"{file}:{number}: {error}")
        return ""


def _pairs(
    form: Form, table: Table, where: KeyPath, key: str, usual: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    if key not in table:
        return usual
    pairs, where = form.get(table, where, key, dict, {}), (*where, key)
    for name in pairs:
        form.parsed({name: name}, where, name, check_name, "")
    return tuple((name, _header_value(form, pairs, where, name)) for name in pairs)


def _header_value(form: Form, pairs: Table, where: KeyPath, name: str) -> str:
    value = _secret(form, pairs, where, name)
    if any(character < " " or character == "\x7f" for character in value):
        form.problem((*where, name), "has a line break or control character in it; take that out")
    return value


def _proxy(form: Form, table: Table, where: KeyPath, usual: str) -> str:
    if "proxy" not in table:
        return usual
    return form.parsed({"proxy": _secret(form, table, where, "proxy")}, where, "proxy", check_proxy, usual)


def _secret(form: Form, table: Table, where: KeyPath, key: str) -> str:
    """Return a text, or the value of the environment variable that `env:NAME` names."""
    value = form.get(table, where, key, str, "")
    if not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if name not in os.environ:
        form.problem((*where, key), f"the environment has no variable {name!r}; set it before the start")
    return os.environ.get(name, "")

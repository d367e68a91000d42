"""Reading the `[[target]]` tables and their `[defaults]`: which pages are watched, and how."""

from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from config.form import Form, Section
from config.lines import KeyPath
from config.schedule import cron, parse_every, parse_jitter, parse_zone
from config.settings import DEFAULT_ZONE, ONCE_A_DAY, Cron, Schedule, Target
from config.values import (
    check_page_url,
    filled,
    parse_field,
    parse_header,
    parse_name,
    parse_priority,
    parse_proxy,
    parse_tls,
    read_text,
)
from config.window import window

_EITHER = 'must be either { every = "30m" } or { cron = "0 8 * * mon-fri" }'


class Given(Struct, frozen=True):
    """An address or a name, the key that gives it, and its place where that is another file."""

    value: str
    where: KeyPath
    place: str = ""


def read_defaults(section: Section | None) -> Target:
    """Return the target that the table `[defaults]` describes, without name and address."""
    usual = Target(name="", url="")
    return usual if section is None else _options(section, usual)


def read_targets(top: Section, defaults: Target) -> tuple[Target, ...]:
    """Return one target for each address of the `[[target]]` tables, on top of `defaults`."""
    entries = top.values["target"] if "target" in top else []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        top.problem("target", "must be written as [[target]], with two brackets")
        return ()
    targets: list[Target] = []
    names: dict[str, Given] = {}
    urls: dict[str, Given] = {}
    for number, values in enumerate(entries):
        entry = top.form.section(values, ("target", number))
        name = _name(entry)
        _once(top.form, names, name, f"the name {name.value!r}")
        addresses = _urls(entry)
        options = _options(entry, defaults)
        for url in addresses:
            _once(top.form, urls, url, url.value)
            targets.append(replace(options, name=name.value, url=url.value))
    return tuple(targets)


def _once(form: Form, seen: dict[str, Given], given: Given, named: str) -> None:
    first = seen.setdefault(given.value, given)
    if given.value and first is not given:
        place = first.place or f"line {form.line(first.where)}"
        form.problem(given.where, f"{named} is in {place} already; give it once", given.place)


def _name(entry: Section) -> Given:
    if "name" not in entry:
        entry.form.problem(entry.where, 'has no name; write for example name = "notices"')
    return Given(entry.parsed("name", parse_name, ""), (*entry.where, "name"))


def _options(section: Section, usual: Target) -> Target:
    """Return the target `usual` with what `section` says otherwise."""
    return replace(
        usual,
        profile=section.get("profile", str, usual.profile),
        schedule=_schedule(section, usual.schedule),
        priority=section.parsed("priority", parse_priority, usual.priority),
        watch=_watch(section, usual.watch),
        labels=section.each("labels", str.strip, usual.labels),
        headers=_pairs(section.table("headers"), usual.headers),
        cookies=_pairs(section.table("cookies"), usual.cookies),
        proxy=section.parsed("proxy", parse_proxy, usual.proxy),
        accept_invalid_tls=section.parsed("tls", parse_tls, usual.accept_invalid_tls),
        failing_after=section.count("failing_after", usual.failing_after, 1, 1000),
        failing_for_s=int(section.seconds("failing_for", usual.failing_for_s)),
        stale_after_s=int(section.seconds("stale_after", usual.stale_after_s, least=60))
        if "stale_after" in section
        else usual.stale_after_s,
    )


def _schedule(section: Section, usual: Schedule) -> Schedule:
    inner = section.table("schedule")
    if inner is None:
        return usual
    every = inner.parsed("every", parse_every, ONCE_A_DAY)
    zone = inner.parsed("zone", parse_zone, DEFAULT_ZONE)
    by_cron = inner.parsed("cron", lambda line: cron(line, zone.key), Cron(""))
    opens = inner.parsed("window", lambda line: window(line, zone.key), None)
    jitter_s = inner.parsed("jitter", parse_jitter, 0)
    is_every = "every" in inner
    if is_every == ("cron" in inner):
        section.problem("schedule", _EITHER)
    elif is_every and "zone" in inner and "window" not in inner:
        inner.problem("zone", "goes with cron or a window, and not with every alone; take it out")
    elif "cron" in inner and "window" in inner:
        inner.problem("window", "goes with every; a cron line names its hours itself")
    elif is_every and jitter_s > every.seconds:
        inner.problem("jitter", "is longer than the interval")
    return replace(every, window=opens, jitter_s=jitter_s) if is_every else replace(by_cron, jitter_s=jitter_s)


def _watch(section: Section, usual: tuple[str, ...]) -> tuple[str, ...]:
    if section.values.get("watch") == []:
        section.problem("watch", "is empty, so no change would be told; leave it out to watch every field")
    return section.each("watch", parse_field, usual)


def _pairs(section: Section | None, usual: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    if section is None:
        return usual
    return tuple((name, section.parsed(name, partial(parse_header, name), "")) for name in section.values)


def _urls(entry: Section) -> list[Given]:
    """Return the addresses of a target, without those that are wrong."""
    given = [key for key in ("url", "urls", "urls_from") if key in entry]
    if len(given) != 1:
        said = f"has {' and '.join(given)}; give only one" if given else "has no address; give url, urls or urls_from"
        entry.form.problem(entry.where, said)
        return []
    if entry.values.get("urls") == []:
        entry.problem("urls", "is empty; give an address, or take the target out")
    if "urls_from" in entry:
        return _urls_from(entry)
    urls = (entry.parsed("url", check_page_url, ""), *entry.each("urls", check_page_url, ()))
    return [Given(url, (*entry.where, *given)) for url in urls if url]


def _urls_from(entry: Section) -> list[Given]:
    """Return the addresses in the file `urls_from`, one on each line; `#` begins a comment."""
    named, where = entry.parsed("urls_from", filled, ""), (*entry.where, "urls_from")
    file = Path(entry.form.path).parent / named
    urls: list[Given] = []
    for number, line in _listed(entry, file) if named else ():
        place = f"{file}:{number}"
        try:
            urls.append(Given(check_page_url(line), where, place))
        except ValueError as error:
            entry.form.problem(where, str(error), place)
    return urls


def _listed(entry: Section, file: Path) -> list[tuple[int, str]]:
    """Return the lines of a file that are neither empty nor a comment, with their numbers from 1."""
    try:
        text = read_text(file)
    except ValueError as error:
        entry.problem("urls_from", f"{file} {error}")
        return []
    lines = [line.strip().partition(" #")[0] for line in text.split("\n")]
    listed = [(number, line) for number, line in enumerate(lines, start=1) if line and not line.startswith("#")]
    if not listed:
        entry.problem("urls_from", f"{file} has no address in it; write one on each line")
    return listed

"""Reading `govwatch.toml` into frozen settings; everything that is wrong is told at once, with its line."""

import re
import tomllib
from pathlib import Path

from config.form import Form, Table
from config.settings import AbsencePolicy, CrawlSettings, Settings
from config.targets import read_defaults, read_targets
from config.values import check_url as check_url
from config.values import parse_network, parse_size
from core.errors import ConfigError

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
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def load_settings(path: Path) -> Settings:
    """Read a configuration file. Raises ConfigError with every problem in it."""
    try:
        # Editors on Windows put a byte order mark in front, which TOML does not know.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), (f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8",)) from error
    except OSError as error:
        said = f"cannot be read: {error.strerror or error}; check the path, or write one with `govwatch init`"
        raise ConfigError(str(path), (f"{path}: {said}",)) from error
    return parse_settings(text, str(path))


def parse_settings(text: str, path: str) -> Settings:
    """Read the text of a configuration; `path` is for messages and for files named in it. Raises ConfigError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _TOML_LINE.search(str(error))
        line = int(match[1]) if match else text.count("\n") + 1
        raise ConfigError(path, (f"{path}:{line}: is not TOML: {error}",)) from error
    form = Form(path, text)
    settings = _settings(form, table)
    if form.problems:
        raise ConfigError(path, tuple(form.problems))
    return settings


def _settings(form: Form, table: Table) -> Settings:
    form.known(table, (), _TOP)
    usual = Settings()
    return Settings(
        path=form.path,
        database=form.filled(table, (), "database", usual.database),
        crawl=_crawl(form, form.get(table, (), "crawl", dict, {})),
        absence=_absence(form, form.get(table, (), "absence", dict, {})),
        targets=read_targets(form, table, read_defaults(form, form.get(table, (), "defaults", dict, {}))),
        rules_dir=_rules_dir(form, table),
    )


def _crawl(form: Form, table: Table) -> CrawlSettings:
    where, usual = ("crawl",), CrawlSettings()
    form.known(table, where, _CRAWL)
    return CrawlSettings(
        contact=form.get(table, where, "contact", str, usual.contact),
        obey_robots=form.get(table, where, "obey_robots", bool, usual.obey_robots),
        delay_s=form.seconds(table, where, "delay", usual.delay_s),
        concurrency=form.count(table, where, "concurrency", usual.concurrency, 1, 256),
        concurrency_per_host=form.count(table, where, "concurrency_per_host", usual.concurrency_per_host, 1, 16),
        timeout_s=form.seconds(table, where, "timeout", usual.timeout_s, least=1),
        deadline_s=form.seconds(table, where, "deadline", usual.deadline_s, least=1),
        max_bytes=form.parsed(table, where, "max_size", parse_size, usual.max_bytes),
        retries=form.count(table, where, "retries", usual.retries, 0, 10),
        retry_wait_s=form.seconds(table, where, "retry_wait", usual.retry_wait_s),
        allow_networks=form.each(table, where, "allow_networks", parse_network, usual.allow_networks),
    )


def _absence(form: Form, table: Table) -> AbsencePolicy:
    where, usual = ("absence",), AbsencePolicy()
    form.known(table, where, _ABSENCE)
    return AbsencePolicy(
        confirmations=form.count(table, where, "confirmations", usual.confirmations, 1, 100),
        hold_s=int(form.seconds(table, where, "hold", usual.hold_s)),
    )


def _rules_dir(form: Form, table: Table) -> str:
    named = form.get(table, (), "rules_dir", str, "")
    folder = Path(form.path).parent / named
    if named and not folder.is_dir():
        form.problem(("rules_dir",), f"there is no folder {folder}; make it, or take this line out")
    return str(folder) if named else ""

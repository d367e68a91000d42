"""Reading `govwatch.toml` into frozen settings; everything that is wrong is told at once, with its line."""

import re
import tomllib
from pathlib import Path

from config.channels import read_channels
from config.form import Form, Section
from config.schedule import parse_duration
from config.settings import AbsencePolicy, CrawlSettings, Retention, Settings
from config.targets import read_defaults, read_targets
from config.values import filled, parse_network, parse_size, read_text
from core.errors import ConfigError

_LEAST_KEPT_S, _MOST_KEPT_S = 86400, 36500 * 86400
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def load_settings(path: Path) -> Settings:
    """Read a configuration file. Raises ConfigError with every problem in it."""
    try:
        text = read_text(path)
    except ValueError as error:
        raise ConfigError(str(path), (f"{path}: {error}",)) from error
    return parse_settings(text, str(path))


def parse_settings(text: str, path: str) -> Settings:
    """Read the text of a configuration; `path` is for messages and for files named in it. Raises ConfigError."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: a number of 5,000 digits and a thousand brackets raise what Python does.
        raise ConfigError(path, (_not_toml(path, text, str(error)),)) from error
    form = Form(path, text)
    settings = _settings(form.section(values))
    if problems := form.finish():
        raise ConfigError(path, problems)
    return settings


def _not_toml(path: str, text: str, said: str) -> str:
    at = _AT.search(said)
    line = at[1] if at and at[1] else text.rstrip().count("\n") + 1
    return f"{path}:{line}: is not TOML: {_AT.sub('', said)}"


def _settings(top: Section) -> Settings:
    usual = Settings()
    return Settings(
        path=top.form.path,
        database=top.parsed("database", filled, usual.database),
        rules_dir=top.parsed("rules_dir", lambda named: _folder(Path(top.form.path).parent / filled(named)), ""),
        crawl=_crawl(top.table("crawl")),
        absence=_absence(top.table("absence")),
        targets=read_targets(top, read_defaults(top.table("defaults"))),
        channels=read_channels(top),
        retention=_retention(top.table("retention")),
        metrics_port=_metrics_port(top.table("metrics")),
    )


def _crawl(section: Section | None) -> CrawlSettings:
    usual = CrawlSettings()
    if section is None:
        return usual
    return CrawlSettings(
        contact=section.get("contact", str, usual.contact),
        obey_robots=section.get("obey_robots", bool, usual.obey_robots),
        delay_s=section.seconds("delay", usual.delay_s),
        concurrency=section.count("concurrency", usual.concurrency, 1, 256),
        concurrency_per_host=section.count("concurrency_per_host", usual.concurrency_per_host, 1, 16),
        timeout_s=section.seconds("timeout", usual.timeout_s, least=1),
        deadline_s=section.seconds("deadline", usual.deadline_s, least=1),
        max_bytes=section.parsed("max_size", parse_size, usual.max_bytes),
        retries=section.count("retries", usual.retries, 0, 10),
        retry_wait_s=section.seconds("retry_wait", usual.retry_wait_s),
        allow_networks=section.each("allow_networks", parse_network, usual.allow_networks),
    )


def _absence(section: Section | None) -> AbsencePolicy:
    usual = AbsencePolicy()
    if section is None:
        return usual
    return AbsencePolicy(
        confirmations=section.count("confirmations", usual.confirmations, 1, 100),
        hold_s=int(section.seconds("hold", usual.hold_s)),
    )


def _retention(section: Section | None) -> Retention:
    usual = Retention()
    if section is None:
        return usual
    return Retention(
        captures_after_s=section.parsed("captures_after", _age, usual.captures_after_s),
        capture_every_s=int(section.seconds("capture_every", usual.capture_every_s, least=3600)),
        checks_after_s=section.parsed("checks_after", _age, usual.checks_after_s),
    )


def _age(text: str) -> int:
    seconds = parse_duration(text)
    if not _LEAST_KEPT_S <= seconds <= _MOST_KEPT_S:
        raise ValueError(f"must be 1d to {_MOST_KEPT_S // 86400}d")
    return seconds


def _metrics_port(section: Section | None) -> int:
    return 0 if section is None else section.count("port", 0, 1, 65535)


def _folder(folder: Path) -> str:
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}; make it, or take this line out")
    return str(folder)

"""What every command starts from: the settings, the database's place, and how a page is read."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from config.load import load_settings
from config.settings import Settings, Target
from core.decide import Policy
from core.errors import ConfigError, UsageError
from core.hosts import site_of
from core.model import Capture, Outcome

if TYPE_CHECKING:
    from config.shipped import Library
    from core.read import PageReader

CONFIG_NAME = "govwatch.toml"


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class App(Struct, frozen=True, dict=True):
    """What a command runs under. `now` is a parameter of everything that needs the time."""

    settings: Settings
    database: Path
    now: Callable[[], datetime] = utc_now

    @cached_property
    def library(self) -> "Library":
        """The profiles and rules, read once. lxml is imported here, which reading commands never need."""
        from config.shipped import load_library

        return load_library(self.settings.rules_dir)

    @cached_property
    def targets(self) -> dict[str, Target]:
        """The targets of the configuration by URL."""
        return {target.url: target for target in self.settings.targets}

    def reader_of(self, url: str, profile: str = "") -> "PageReader":
        """Return the reader of a page."""
        # One is made per site: made for each page it took a tenth of what keeping an unchanged page costs.
        return replace(_site_reader(site_of(url), profile, self.library), url=url)

    def policy_of(self, watch: tuple[str, ...], outcome: Outcome | None = None) -> Policy:
        """Return what is told of a page that watches these fields. What somebody imports is believed at once."""
        absence = self.settings.absence
        if isinstance(outcome, Capture) and outcome.origin == "import":
            return Policy(1, timedelta(0), watch)
        return Policy(absence.confirmations, timedelta(seconds=absence.hold_s), watch)

    def check_profiles(self) -> None:
        """Raise ConfigError where a target names a profile that there is not."""
        known = {profile.name for profile in self.library.profiles}
        wrong = tuple(
            f"{self.settings.path}: target {target.name!r}: there is no profile {target.profile!r}; "
            f"there are: {', '.join(sorted(known))}"
            for target in self.settings.targets
            if target.profile and target.profile not in known
        )
        if wrong:
            raise ConfigError(self.settings.path, wrong)


@lru_cache(maxsize=4096)
def _site_reader(site: str, profile: str, library: "Library") -> "PageReader":
    from core.read import page_reader

    return page_reader(site, profile, library.profiles, library.rules)


def open_app(config_path: str | None, database: str | None) -> App:
    """Find the settings and the database: options first, then the environment, then the file, then defaults.

    A relative `database` in a file is taken from the file's folder. Raises ConfigError.
    """
    if config_path is None and Path(CONFIG_NAME).is_file():
        config_path = CONFIG_NAME
    settings = load_settings(Path(config_path)) if config_path else Settings()
    chosen = database or os.environ.get("GOVWATCH_DB")
    if chosen and chosen.startswith(":"):
        raise UsageError(f"{chosen} is no file; nothing would be kept")
    folder = Path(config_path).parent if config_path else Path()
    return App(settings, Path(chosen) if chosen else folder / settings.database)

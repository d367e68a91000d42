"""The examination behind `govwatch doctor`: what is looked at, and what each finding means for this program."""

import platform
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

from core.errors import ConfigError, DeliveryError, GovwatchError, StorageError
from core.rules import apply_rules
from core.version import VERSION
from govwatch.app import App
from govwatch.machine import file_system_of, is_clock_set, missing_rights
from govwatch.words import size_words, when
from reports.plain import count
from storage.fitness import SQLITE_VERSION, examine, has_wal_reset_bug

_MIB = 1024 * 1024
_LEAST_FREE = 200 * _MIB
_LIBRARIES = ("scrapy", "twisted", "lxml", "sqlite-utils", "apscheduler")
_AHEAD = timedelta(minutes=2)
_NO_WAL = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "afs",
    "ncpfs",
    "glusterfs",
    "ceph",
    "lustre",
    "fuse.sshfs",
    "fuse.rclone",
    "davfs",
)
_PASSING = ("tmpfs", "ramfs", "overlay")


class Level(StrEnum):
    """How bad a finding is: only `wrong` keeps something from working."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


class Found(Struct, frozen=True):
    """One line of the examination. `advice` says what to do, where `what` does not; empty for `ok`."""

    level: Level
    subject: str
    what: str
    advice: str = ""


def examination(app: App) -> Iterator[Found]:
    """Yield what is found of the machine, the configuration, the database and the channels."""
    yield from machine()
    for look in (_profiles, _rules, _file_system, _permissions, _space, _database, _channels):
        yield from look(app)


def machine() -> Iterator[Found]:
    """Yield what is found of this machine, whatever the configuration."""
    packages = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    yield Found(Level.OK, "versions", f"govwatch {VERSION}, Python {platform.python_version()}, {packages}")
    if has_wal_reset_bug():
        yield Found(
            Level.WARNING,
            "SQLite",
            f"{SQLITE_VERSION} has the WAL-reset bug, which can damage a database, very seldom, when two connections "
            "write at one moment (https://sqlite.org/wal.html#walresetbug)",
            "update SQLite to 3.51.3 (or 3.50.7, 3.44.6), unless your system's package has the fix; keep backups",
        )
    else:
        yield Found(Level.OK, "SQLite", f"{SQLITE_VERSION} is without the WAL-reset bug")
    told = {True: "is kept right", None: "this system does not say whether it is kept right"}
    if (is_set := is_clock_set()) is False:
        advice = "switch on NTP (such as systemd-timesyncd or chrony): times are evidence"
        yield Found(Level.WARNING, "clock", "nothing keeps it right", advice)
    else:
        yield Found(Level.OK, "clock", told[is_set])


def _profiles(app: App) -> Iterator[Found]:
    settings = app.settings
    if not settings.path:
        yield Found(Level.OK, "configuration", "there is none; the defaults hold")
    else:
        held = f"{count(len(settings.targets), 'page')}, {count(len(settings.channels), 'channel')}"
        yield Found(Level.OK, "configuration", f"{settings.path}: {held}")
    try:
        app.check_profiles()
    except GovwatchError as error:
        yield Found(Level.WRONG, "profiles", str(error), "correct the file")
    else:
        yield Found(Level.OK, "profiles", count(len(app.library.profiles), "profile"))


def _rules(app: App) -> Iterator[Found]:
    try:
        rules = app.library.rules
    except GovwatchError:
        return  # Told with the profiles: they are read together.
    failing = [
        rule.id
        for rule in rules
        if any(apply_rules(example.before, [rule], Counter()) != example.after for example in rule.examples)
    ]
    if failing:
        yield Found(
            Level.WRONG, "rules", f"fail their own examples: {', '.join(failing)}", "correct pattern or example"
        )
    else:
        yield Found(Level.OK, "rules", f"{count(len(rules), 'rule')}, true to their examples")


def _file_system(app: App) -> Iterator[Found]:
    kind = file_system_of(app.database)
    if kind.startswith(_NO_WAL):
        yield Found(
            Level.WRONG,
            "file system",
            f"{kind} is of the network, where SQLite's WAL damages databases (https://sqlite.org/wal.html)",
            "put the database on a disk of this machine",
        )
    elif kind in _PASSING:
        advice = "put the database on a lasting disk or volume"
        yield Found(Level.WARNING, "file system", f"{kind} is gone with a restart or the container", advice)
    else:
        yield Found(Level.OK, "file system", kind or "this system does not say which it is")


def _permissions(app: App) -> Iterator[Found]:
    folder = app.database.absolute().parent
    logs = (app.database.with_name(app.database.name + ending) for ending in ("-wal", "-shm"))
    paths = [folder, *(path for path in (app.database, *logs) if path.exists())]
    if not folder.is_dir():
        yield Found(
            Level.WRONG, "permissions", f"there is no folder {folder}", "make it, or give another file with --db"
        )
        return
    missing = [f"{path} cannot be {rights}" for path in paths if (rights := missing_rights(path))]
    advice = "give the user that runs govwatch these rights; all files must belong to one user"
    if missing:
        yield Found(Level.WRONG, "permissions", "; ".join(missing), advice)
    elif opened := [str(path) for path in paths if path.stat().st_mode & 0o002]:
        yield Found(
            Level.WARNING, "permissions", f"everybody may write to {', '.join(opened)}", "chmod o-w: it is evidence"
        )
    else:
        yield Found(Level.OK, "permissions", f"{count(len(paths), 'path')} can be read and written")


def _space(app: App) -> Iterator[Found]:
    folder = app.database.absolute().parent
    if not folder.is_dir():
        return
    free, size = shutil.disk_usage(folder).free, app.database.stat().st_size if app.database.is_file() else 0
    said = f"{free // _MIB} MiB free, the database has {size_words(size)}"
    if free < _LEAST_FREE:
        yield Found(Level.WRONG, "disk space", said, "free some space: a full disk stops the checks")
    elif free < 2 * size:
        advice = "free some space: a backup beside it needs as much again"
        yield Found(Level.WARNING, "disk space", said, advice)
    else:
        yield Found(Level.OK, "disk space", said)


def _database(app: App) -> Iterator[Found]:
    if not app.database.exists():
        yield Found(Level.OK, "database", f"{app.database} is not there yet; the first crawl makes it")
        return
    try:
        fitness = examine(app.database)
    except StorageError as error:
        yield Found(Level.WRONG, "database", str(error))
        return
    if fitness.problems:
        advice = "restore a backup, or save what is left: `sqlite3 FILE .recover`"
        yield Found(Level.WRONG, "database", f"{app.database} is damaged: {'; '.join(fitness.problems)}", advice)
    else:
        yield Found(Level.OK, "database", f"{app.database} is sound, {count(fitness.pages, 'page')}")
    if fitness.last_check_at is not None and fitness.last_check_at > app.now() + _AHEAD:
        said = f"the newest check is of {when(fitness.last_check_at)}, which is still to come"
        yield Found(Level.WARNING, "clock", said, "set the clock right: it was ahead then, or is behind now")


def _channels(app: App) -> Iterator[Found]:
    from govwatch.delivering import senders
    from reports.channels.look import look

    try:
        senders(app)
    except ConfigError as error:
        yield Found(Level.WRONG, "channels", str(error), "correct the file, or install what it needs")
        return
    for channel in app.settings.channels:
        subject = f"channel {channel.name}"
        try:
            yield Found(Level.OK, subject, look(channel, Path(app.settings.path).parent))
        except DeliveryError as error:
            said = str(error).removeprefix(f"{subject}: ")
            yield Found(Level.WRONG, subject, said, "check its settings and the receiver")

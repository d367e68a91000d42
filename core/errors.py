"""The one tree of errors: every broken promise that a user is told about.

    GovwatchError
    |-- UsageError            a command was called with something that cannot be
    |-- ConfigError(path)     the configuration cannot be used; carries every problem found
    |-- RuleError(rule_id)    a rule or profile contradicts itself or its examples
    |-- StorageError          the database cannot be opened, read or written
    |-- DeliveryError(channel)  a channel did not take a report
    `-- WorkerError           a process that fetches dies again and again

A message says what happened, on which page or file, and what to do. Expected outcomes (a failed
fetch, a blocked page) are values, never errors.
"""


class GovwatchError(Exception):
    """Base of all errors the command prints as one line."""


class UsageError(GovwatchError):
    """A command was given something it cannot use."""


class ConfigError(GovwatchError):
    """The configuration cannot be used. `problems` has one line each, with path and line."""

    def __init__(self, path: str, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.path = path
        self.problems = problems


class RuleError(GovwatchError):
    """A boilerplate rule or a profile is malformed or fails its own example."""

    def __init__(self, rule_id: str, message: str) -> None:
        super().__init__(f"rule {rule_id}: {message}")
        self.rule_id = rule_id


class StorageError(GovwatchError):
    """The database cannot be opened, read or written. A passing one (a lock, a full disk) may be over later."""

    def __init__(self, message: str, is_passing: bool = False) -> None:
        super().__init__(message)
        self.is_passing = is_passing


class DeliveryError(GovwatchError):
    """A channel did not take a report. Where `is_final`, sending it again would not help either."""

    def __init__(self, channel: str, message: str, is_final: bool = False) -> None:
        super().__init__(f"channel {channel}: {message}")
        self.channel = channel
        self.is_final = is_final


class WorkerError(GovwatchError):
    """A process that fetches and reads died again and again."""

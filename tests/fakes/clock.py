"""A clock that stands until it is moved."""

from datetime import datetime


class Clock:
    """Called like `App.now`; moved by setting `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

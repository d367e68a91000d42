"""What a channel is given, and what a channel is."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct


class Notice(Struct, frozen=True):
    """One report ready to be sent. `id` is the same at every try, so a receiver can tell a second copy."""

    id: str
    made_at: datetime
    subject: str
    text: str
    html: str
    json: str


Send = Callable[[Notice], None]
"""Sends one report; blocks until it is taken. Raises DeliveryError."""

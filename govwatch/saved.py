"""A page saved in a file, taken as a capture."""

from datetime import datetime
from pathlib import Path

from core.errors import UsageError
from core.model import Capture


def saved_capture(file: str, url: str, at: datetime, is_text: bool = False) -> Capture:
    """Return the file as what `url` served at that time. Raises UsageError where it cannot be read."""
    try:
        body = Path(file).read_bytes()
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise UsageError(f"{file} cannot be read: {said}; check the path") from error
    return Capture(
        url=url,
        final_url=url,
        status=200,
        headers=(),
        body=body,
        requested_at=at,
        received_at=at,
        media="text" if is_text else "html",
        origin="import",
        wire_bytes=len(body),
    )

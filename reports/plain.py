"""Text of a page made safe to print: nothing in it can steer a terminal or break a line."""

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Return `text` with control characters and direction marks shown as `�`."""
    return _CONTROL.sub("\ufffd", text)

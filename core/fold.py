"""Width folding: two texts that differ only in full and half width forms compare as equal.

Archives and text dumps often fold widths (the page the project began with did); that is no edit. Only the
forms of U+FF01..U+FF5E and the ideographic space are folded, one character to one character, so offsets
stay valid; full NFKC would also make `10²` equal to `102`, which hides a change.
"""

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def fold_width(text: str) -> str:
    """Return `text` with full width ASCII forms made half width; the length stays the same."""
    return text.translate(_WIDTH)
